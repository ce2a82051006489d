"""What a user sends besides words reaches the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from tests.eventually import PATIENCE
from tests.factories import PNG

if TYPE_CHECKING:
    from tests.stage import Stage


def uploaded(stage: Stage, content: bytes, name: str) -> dict[str, Any]:
    """Have alice pick a file; return its key under the name that its kind has for it."""
    asked = Request(f"{stage.simulator_url}/_sim/files?name={name}", content, method="POST")
    with urlopen(asked, timeout=PATIENCE) as answer:
        found = json.load(answer)
    return {name: key for name, key in found.items() if name.endswith("_key")}


def sent(stage: Stage, **what: Any) -> str:
    return str(stage.post("/_sim/messages", {"user": "alice", **what})["message_id"])


def test_picture_is_seen(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    message = sent(stage, type="image", **uploaded(stage, PNG, "a.txt"))

    assert f"image/png 1x1, {len(PNG)} bytes" in stage.answer(message)


def test_model_that_sees_nothing_is_told_of_a_picture(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker(LARKSPUR_MODEL__SEES="false")

    message = sent(stage, type="image", **uploaded(stage, PNG, "a.png"))

    assert stage.answer(message) == "You said: [image]"


def test_text_file_is_read_by_its_content_and_not_its_name(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    text = sent(stage, type="file", **uploaded(stage, "今天的日程\n".encode(), "plan.bin"))
    other = sent(stage, type="file", **uploaded(stage, bytes(range(32)) * 9, "plan.txt"))

    assert "今天的日程" in stage.answer(text)
    assert "not read" in stage.answer(other)


def test_quoted_message_is_context(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    first = sent(stage, text="the meeting is at noon")
    stage.answer(first)

    quoting = sent(stage, text="when?", reply_to=first)

    assert "> the meeting is at noon\nwhen?" in stage.answer(quoting)


def test_answer_of_the_bot_can_be_quoted(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    first = sent(stage, text="one")
    stage.answer(first)
    (answer,) = stage.answers(first)

    quoting = sent(stage, text="why?", reply_to=answer)

    assert "> You said: one\nwhy?" in stage.answer(quoting)


def test_forwarded_messages_are_unfolded(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    parts = [sent(stage, text=words) for words in ("one", "two")]
    for part in parts:
        stage.answer(part)

    merged = sent(stage, type="merge_forward", message_ids=parts)

    assert "[forwarded messages]\n> one\n> two" in stage.answer(merged)
