"""How a history grows, and what a model remembers of what no longer fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import ModelUnavailable
from shared.model.ids import ConversationId, HistoryId, MessageId, OpenId
from shared.model.progress import Progress
from shared.model.prompt import Prompt
from shared.settings import History as Settings
from shared.store.history import History
from workers.handlers.memory import Memory
from workers.responders.exchange import in_words, read, written
from workers.responders.responder import Answer, Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.engine import Engine

CHAT = ConversationId("oc_1:omt_1")
PAST = HistoryId(CHAT)
QUERY = Query(Prompt(""), question=MessageId("om_9"))


class Responder:
    """Sums up, and keeps what it was asked to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.fault = fault

    async def answer(self, query: Query, _: Callable[[Progress], None]) -> Answer:
        self.asked.append(query.prompt.text)
        if self.fault:
            raise self.fault
        return Answer(Progress("they spoke of tea"), b"")


def exchange(number: int) -> bytes:
    said = in_words(f"question {number} " + "x" * 400, f"answer {number}")
    return written(MessageId(f"om_{number}"), said)


@pytest.fixture
def responder() -> Responder:
    return Responder()


def memory(engine: Engine, responder: Responder, **settings: object) -> Memory:
    async def count(*_: object) -> None:
        """What it costs is tried elsewhere."""

    history = History(engine.store, engine.keys, exchanges=20)
    return Memory(history, Settings.model_validate(settings), responder, count)


async def keep(engine: Engine, *exchanges: bytes) -> None:
    await engine.redis.rpush(engine.keys.history(CHAT), *exchanges)


@pytest.mark.parametrize(
    ("scope", "whose"),
    [("chat", "oc_1"), ("thread", "oc_1:omt_1"), ("user", "oc_1:omt_1:ou_alice")],
)
def test_who_shares_a_past_is_a_setting(
    engine: Engine, responder: Responder, scope: str, whose: str
) -> None:
    assert memory(engine, responder, scope=scope).whose(CHAT, OpenId("ou_alice")) == whose


async def test_model_is_shown_the_newest_that_fits(engine: Engine, responder: Responder) -> None:
    await keep(engine, *map(exchange, range(5)))

    shown = await memory(engine, responder, tokens=350).recall(PAST)

    assert shown == [exchange(3), exchange(4)]


async def test_past_that_fits_is_not_summed_up(engine: Engine, responder: Responder) -> None:
    await keep(engine, exchange(0))

    grown = await memory(engine, responder, summary=True).grown(PAST, QUERY, exchange(1))

    assert grown == ((exchange(1),), False)
    assert responder.asked == []


async def test_what_no_longer_fits_is_summed_up(engine: Engine, responder: Responder) -> None:
    await keep(engine, *map(exchange, range(3)))

    grown = await memory(engine, responder, summary=True, tokens=500).grown(
        PAST, QUERY, exchange(3)
    )

    summary, *kept = grown.exchanges
    assert grown.afresh
    assert kept == [exchange(3)]
    assert read([summary])[0].said[1].content == "they spoke of tea"
    assert all(f"question {number}" in responder.asked[0] for number in range(3))
    assert "question 3" not in responder.asked[0]


async def test_summary_that_cannot_be_had_is_done_without(engine: Engine) -> None:
    await keep(engine, *map(exchange, range(3)))
    away = Responder(ModelUnavailable())

    grown = await memory(engine, away, summary=True, tokens=500).grown(PAST, QUERY, exchange(3))

    assert grown == ((exchange(3),), False)
