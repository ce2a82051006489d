"""One trace from the frame to the answer, over both processes, to a real receiver of OTLP."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.collector import collecting
from tests.eventually import eventually, soon
from tests.stage import APP_SECRET

if TYPE_CHECKING:
    from tests.acceptance.collector import Seen
    from tests.stage import Stage

SAID = "the merger is on friday"
REPLY = "POST /open-apis/im/v1/messages/:message_id/reply"
CREATE_CARD = "POST /open-apis/cardkit/v1/cards"
TYPE_INTO_CARD = "PUT /open-apis/cardkit/v1/cards/:card_id/elements/:element_id/content"


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: the stage's own calls block, in threads and at its end."""


@pytest.mark.simulator("--ack-deadline", "60")
async def test_one_trace_holds_the_frame_the_turn_every_call_and_the_model(stage: Stage) -> None:
    async with collecting() as collector:
        stage.environment |= {
            "LARKSPUR_TRACE__ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "RESPONDER": "agent",
        }
        ingress = await asyncio.to_thread(stage.start_ingress)
        worker = await asyncio.to_thread(stage.start_worker)
        said = f"{SAID}\n#pace 0.5 20\n#length 200"
        message_id = await asyncio.to_thread(stage.say, said)
        await asyncio.to_thread(stage.answer, message_id)

        (told,) = await asyncio.to_thread(eventually, partial(ingress.events, "delivery.answered"))
        trace_id = told["trace_id"]
        trace = await soon(lambda: whole(collector.of(trace_id)))

    accept, turn, model = trace["accept"], trace["turn"], trace["model"]
    assert (accept.role, turn.role) == ("larkspur-ingress", "larkspur-worker")
    assert accept.parent_id == ""
    assert turn.parent_id == trace["wait"].parent_id == accept.span_id
    assert model.parent_id == turn.span_id
    assert {trace[call].parent_id for call in (REPLY, CREATE_CARD)} == {turn.span_id}
    assert trace["chat gpt-5-mini"].attributes["gen_ai.request.model"] == "gpt-5-mini"
    assert turn.attributes["larkspur.conversation"] == told["conversation"]
    assert turn.attributes["larkspur.outcome"] == "replied"
    assert turn.attributes["larkspur.task_id"]
    assert trace[REPLY].attributes["larkspur.code"] == "0"
    assert trace[REPLY].attributes["larkspur.message_id"] == message_id
    assert model.seconds > 0.4
    for private in (SAID, "merger", APP_SECRET, stage.environment["OPENAI_API_KEY"]):
        assert private.encode() not in collector.raw
        assert private not in worker.log()


async def whole(trace: dict[str, Seen]) -> dict[str, Seen]:
    """Return a trace once all of it has come."""
    wanted = {"accept", "wait", "turn", "model", "chat gpt-5-mini", REPLY, CREATE_CARD}
    return trace if wanted | {TYPE_INTO_CARD} <= trace.keys() else {}


async def test_collector_that_is_away_delays_neither_answers_nor_the_end(stage: Stage) -> None:
    async with collecting() as collector:
        url = collector.url
    stage.environment |= {"LARKSPUR_TRACE__ENDPOINT": url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    await asyncio.to_thread(stage.start_ingress)
    worker = await asyncio.to_thread(stage.start_worker)

    answer = await asyncio.to_thread(lambda: stage.answer(stage.say("hello")))
    worker.send(signal.SIGTERM)

    assert "You said: hello" in answer
    assert await asyncio.to_thread(worker.ended) == 0
