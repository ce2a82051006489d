"""`larkspur send`: somebody is told something that they did not ask for, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

ALICE = "alice@example.com"


def test_what_is_sent_arrives_once_and_what_is_refused_is_a_dead_letter(
    stage: Stage, operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / "card.json").write_text(
        json.dumps({"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "A"}]}})
    )

    first = operator.ask("send", "--to", ALICE, "--id", "build-42", "built")
    again = operator.run("send", "--to", ALICE, "--id", "build-42", "built")
    operator.ask("send", "--to", ALICE, "--markdown", "**bold**")
    operator.ask("send", "--to", ALICE, "--card", "card.json")
    operator.ask("send", "--to", "ou_nobody", "hello")
    nothing = operator.run("send", "--to", ALICE)
    worker = stage.start_worker()

    assert first["verdict"] == "accepted"
    assert (again.code, again.out) == (0, "duplicate: send-build-42\n")
    assert nothing.code == 2
    assert "one of a text, Markdown, a card" in nothing.err
    (letter,) = operator.letters(1)
    assert letter["conversation"] == "send:ou_nobody"
    eventually(lambda: len(stage.messages()) == 3)
    assert [one["msg_type"] for one in stage.messages()] == ["text", "post", "interactive"]
    assert "built" not in worker.log()
