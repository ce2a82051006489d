"""Minds that fail: the user gets one clear sentence, the log the rest, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.stage import Stage

SORRY = "Sorry, I could not answer"
PASSING = ["model_garbage:count=1", "model_cut:after=2,count=1", "model_error:status=503,count=1"]
TOOLS = '''
import asyncio

from workers.responders.tool import tool

@tool
async def raises() -> str:
    """Fail."""
    raise OSError("a secret of the team's")

@tool
async def hangs() -> str:
    """Never end."""
    await asyncio.Event().wait()

@tool
async def huge() -> str:
    """Return ten megabytes."""
    return "secret" * 2_000_000
'''


@pytest.mark.parametrize("responder", ["chat", "agent"])
def test_what_passes_is_lived_through_and_what_does_not_is_said(
    stage: Stage, responder: str
) -> None:
    stage.start_ingress()
    worker = stage.start_worker(RESPONDER=responder)

    for number, fault in enumerate(PASSING):
        stage.post("/_sim/faults", {"flag": fault})
        assert f"number {number}" in stage.answer(stage.say(f"number {number}"))
    stage.post("/_sim/faults", {"flag": "model_error:status=400,count=1"})
    refused = stage.say("a secret")

    assert SORRY in stage.answer(refused)
    (abandoned,) = eventually(lambda: worker.events("turn.abandoned"))
    assert "400" in abandoned["reason"]
    assert "a secret" not in worker.log()
    assert stage.answer(stage.say("and on")).startswith("You said: and on")


def test_question_of_a_megabyte_is_answered(stage: Stage) -> None:
    stage.start_ingress()
    stage.start_worker()

    question = stage.say("#length 5\n" + "word " * 200_000)

    assert stage.answer(question).startswith("You said: word")


def test_tools_that_misbehave_fail_nothing(stage: Stage) -> None:
    (stage.folder / "bad.py").write_text(TOOLS)
    stage.start_ingress()
    worker = stage.start_worker(
        LARKSPUR_MODEL__TOOLS="bad", LARKSPUR_MODEL__TOOL_SECONDS="3", LARKSPUR_HISTORY__TOKENS="1"
    )

    raised = stage.answer(stage.say("#tool raises {}"))
    hung = stage.answer(stage.say("#tool hangs {}"))
    huge = stage.answer(stage.say("#tool huge {}"))

    assert "the tool failed: OSError" in raised
    assert "no result within 3 s" in hung
    assert len(huge) < 100_000
    eventually(lambda: worker.events("tool.failed"))
    assert "secret" not in worker.log()
