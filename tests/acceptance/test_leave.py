"""What a model may do only with leave: asked for on a card, given or not, by any worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cli.buttons import pressed
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

TOOLS = '''
from workers.responders.tool import tool

@tool(dangerous=True)
async def delete_order(number: str) -> str:
    """Delete an order for good."""
    return f"order {number} is gone"
'''
QUESTION = '#tool delete_order {"number": "5"}'


@pytest.fixture(autouse=True)
def tools(stage: Stage) -> None:
    (stage.folder / "shop.py").write_text(TOOLS)
    stage.start_ingress()


def start_worker(stage: Stage, **more: str) -> Process:
    return stage.start_worker(LARKSPUR_MODEL__TOOLS="shop", **more)


def card_of(stage: Stage, question: str) -> dict[str, Any]:
    """Wait until leave is asked for; return the message that does."""

    def asking() -> list[dict[str, Any]]:
        replies = [one for one in stage.messages() if one.get("parent_id") == question]
        return [one for one in replies if "Allow" in str(one["card"])]

    return eventually(asking)[0]


def press(stage: Stage, shown: dict[str, Any], button: str, user: str = "alice") -> None:
    action = pressed(shown["card"], button)
    stage.post("/_sim/press", {"user": user, "message_id": shown["message_id"], "action": action})


def test_leave_outlives_the_worker_that_asked_for_it(stage: Stage) -> None:
    worker = start_worker(stage)
    question = stage.say(QUESTION)
    asking = card_of(stage, question)
    worker.kill()
    other = start_worker(stage)

    press(stage, asking, "Allow", user="bob")
    other.says('"fate":"stranger"')
    press(stage, asking, "Allow")

    eventually(lambda: "order 5 is gone" in stage.answer(question))
    assert len(stage.answers(question)) == 1
    eventually(lambda: "Allow" not in str(stage.messages()[-1]["card"]))


def test_tool_that_is_denied_is_not_used(stage: Stage) -> None:
    start_worker(stage)
    question = stage.say(QUESTION)

    press(stage, card_of(stage, question), "Deny")

    eventually(lambda: "did not allow" in stage.answer(question))


def test_where_there_are_no_buttons_a_word_will_do(stage: Stage) -> None:
    start_worker(stage, LARKSPUR_REPLY__FORM="post")
    question = stage.say(QUESTION)
    assert "/allow" in stage.answer(question)

    stage.say("/allow")

    eventually(lambda: "order 5 is gone" in stage.answer(question))


def test_leave_that_nobody_gives_is_denied_in_the_end(stage: Stage) -> None:
    start_worker(stage, LARKSPUR_MODEL__APPROVAL_SECONDS="1")

    question = stage.say(QUESTION)

    eventually(lambda: "did not allow" in stage.answer(question))
