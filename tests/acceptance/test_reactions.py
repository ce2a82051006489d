"""An emoji says at once that a question was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage


def reactions(stage: Stage, message: str) -> list[str]:
    (found,) = [one["reactions"] for one in stage.messages() if one["message_id"] == message]
    return [str(each["emoji"]) for each in found]


def test_reaction_is_there_while_the_answer_is_written_and_changes_when_it_is_done(
    stage: Stage,
) -> None:
    stage.start_ingress()
    stage.start_worker(LARKSPUR_REPLY__REACTION="OnIt", LARKSPUR_REPLY__REACTION_DONE="DONE")
    question = stage.say("tell me\n#length 100\n#pace 1 20")

    eventually(lambda: reactions(stage, question) == ["OnIt"])
    stage.answer(question)

    eventually(lambda: reactions(stage, question) == ["DONE"])


def test_emoji_that_does_not_exist_costs_no_answer(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(LARKSPUR_REPLY__REACTION="NoSuchEmoji")

    assert stage.answer(stage.say("one")) == "You said: one"
    worker.says("reaction.not_added")


def test_without_the_setting_there_is_none(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()
    question = stage.say("one")

    stage.answer(question)

    calls: list[Any] = stage.get("/_sim/calls?limit=100")
    assert not [one for one in calls if "reactions" in str(one)]
