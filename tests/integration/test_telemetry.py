"""What turns, calls and models tell of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry

from shared.errors import FeishuRejected, ModelUnavailable
from shared.model.outcome import Abandoned, Deferred, Ignored
from shared.model.progress import Progress
from shared.model.prompt import Prompt
from shared.open_api import open_api
from shared.settings import Limits
from shared.telemetry.calls import Calls
from shared.telemetry.turns import TurnMetrics
from tests.integration.engine import CHAT, event
from tests.integration.scripted import scripted, token
from tests.integration.test_turns import Handler
from workers.renewal import Renewal
from workers.responders.responder import Answer, Query
from workers.responders.timed import Timed
from workers.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.model.outcome import Outcome
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from tests.integration.engine import Engine

INFO = "GET /open-apis/bot/v3/info"


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.mark.parametrize(
    ("outcome", "word", "further"),
    [
        (Ignored("not_addressed"), "ignored", None),
        (Deferred(1.0, "later"), "deferred", ("larkspur_deferrals_total", {"why": "retry"})),
        (
            Deferred(1.0, "not now", tried=False),
            "deferred",
            ("larkspur_deferrals_total", {"why": "later"}),
        ),
        (Abandoned("poison"), "abandoned", ("larkspur_given_up_total", {"queue": "turns"})),
    ],
    ids=["ignored", "retried", "put_off", "given_up"],
)
async def test_every_end_of_a_turn_is_counted(
    outcome: Outcome,
    word: str,
    further: tuple[str, dict[str, str]] | None,
    engine: Engine,
    registry: CollectorRegistry,
) -> None:
    await engine.accept(event(b"hello"))
    parts = engine.parts()
    metrics = TurnMetrics(registry)
    renewal = Renewal(parts.leases, seconds=30.0)

    turns = Turns(parts, renewal, Handler(outcome), deadline=30.0, attempts=3, metrics=metrics)
    assert await turns.run(CHAT) == word

    assert value(registry, "larkspur_turns_total", queue="turns", outcome=word) == 1
    assert value(registry, "larkspur_turn_waited_seconds_count", queue="turns") == 1
    if further is not None:
        assert value(registry, further[0], **further[1]) == 1


async def test_calls_are_counted_by_what_feishu_said(
    store: Store, keys: Keys, registry: CollectorRegistry
) -> None:
    def info(count: int) -> dict[str, object]:
        return [{"code": 230027, "msg": "no"}, {"code": 0, "bot": {"open_id": "ou_bot"}}][count]

    async with scripted(tenant_access_token=token, info=info) as script:
        calls = Calls(registry)
        feishu = open_api(script.transport, store, keys, script.feishu, Limits(), calls)
        with pytest.raises(FeishuRejected):
            await feishu.bot()
        await feishu.bot()

    assert value(registry, "larkspur_feishu_calls_total", api=INFO, code="230027") == 1
    assert value(registry, "larkspur_feishu_calls_total", api=INFO, code="0") == 1
    assert value(registry, "larkspur_feishu_call_seconds_count", api=INFO) == 2
    assert value(registry, "larkspur_gate_wait_seconds_count", priority="send") == 2


class Mind:
    """Says two words, and fails if it is told to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self._fault = fault

    async def answer(self, _: Query, revise: Callable[[Progress], None]) -> Answer:
        revise(Progress("two"))
        revise(Progress("two words"))
        if self._fault:
            raise self._fault
        return Answer(Progress("two words"), b"")


async def test_model_is_timed_to_its_first_word_and_to_its_end(registry: CollectorRegistry) -> None:
    heard: list[str] = []

    timed = Timed(Mind(), ["small"], registry)
    await timed.answer(Query(Prompt("hello")), lambda progress: heard.append(progress.text))

    assert heard == ["two", "two words"]
    assert value(registry, "larkspur_model_first_token_seconds_count", model="small") == 1
    assert value(registry, "larkspur_model_seconds_count", model="small", ended="answered") == 1


async def test_model_that_fails_is_counted_by_its_fault(registry: CollectorRegistry) -> None:
    timed = Timed(Mind(ModelUnavailable("away")), ["small"], registry)
    with pytest.raises(ModelUnavailable):
        await timed.answer(Query(Prompt("hello"), model="unheard of"), lambda _: None)

    ended = {"model": "other", "ended": "ModelUnavailable"}
    assert value(registry, "larkspur_model_seconds_count", **ended) == 1


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)
