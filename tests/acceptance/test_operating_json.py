"""Scripts go by the names in what `--json` prints: they stay, and are on the page for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.acceptance.mischief import ALWAYS, clear, order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"

LETTER = {"id", "conversation", "reason", "given_up_at", "age", "attempts", "mail"}
SHOWN = {
    "conversation",
    "queue",
    "state",
    "lease_expires_at",
    "waiting_since",
    "due_at",
    "fence",
    "attempts",
    "stop_asked",
    "answering",
    "draft",
    "told_at",
    "history",
    "mail",
    "taken",
    "entries",
}


def test_every_name_is_on_the_page(stage: Stage, operator: Operator) -> None:
    stage.start_ingress()
    stage.start_worker()
    order(stage, "model_error", count=ALWAYS, status=400)
    stage.say("hello", user="alice")
    stage.say("hello", user="bob")
    first, second = operator.letters(2)
    clear(stage)
    stage.say("tell me\n#length 200\n#pace 0.1 1", user="carol")
    name = operator.running()

    documents = [
        operator.ask("queue"),
        operator.ask("conversations", "list"),
        operator.ask("conversations", "show", name, "--content"),
        operator.ask("conversations", "release", name),
        operator.ask("dead-letters", "list"),
        operator.ask("dead-letters", "show", first["id"], "--content"),
        operator.ask("dead-letters", "replay", first["id"]),
        operator.ask("dead-letters", "drop", second["id"], "--yes"),
    ]

    page = set(re.findall(r"\w+", PAGE.read_text()))
    assert {name for document in documents for name in names(document)} - page == set()
    assert [set(document) for document in documents] == [
        {"app_id", "dead_letters", "queues", "woken"},
        {"app_id", "conversations", "total"},
        SHOWN,
        {"conversation", "was"},
        {"app_id", "dead_letters", "total"},
        LETTER | {"entries"},
        {"replayed", "mail", "gone", "failed"},
        {"dropped", "gone", "failed"},
    ]


def names(node: Any) -> Iterator[str]:
    """Yield every key of a document."""
    if isinstance(node, dict):
        yield from node
    for each in node.values() if isinstance(node, dict) else node:
        if isinstance(each, dict | list):
            yield from names(each)
