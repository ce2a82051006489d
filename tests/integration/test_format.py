"""Two releases on one Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared.errors import ConfigurationError, NewerFormat
from shared.model.ids import EventId
from shared.store.format import FORMAT, require_format, require_readable
from shared.store.mailbox import decode
from tests.integration.engine import CHAT, event
from tests.integration.test_turns import REPLIED, Handler, follow_wake

if TYPE_CHECKING:
    from tests.integration.engine import Engine

OF_VERSION_1 = (
    b'{"v":1,"event_id":"5e3702a84e847582be8db7fb73283c02","event_type":"im.message.receive_v1",'
    b'"trace_id":"8f0d3d5c2a1b4e6f","received_at":1774004597.25}\n{"schema":"2.0"}'
)
OF_A_LATER_ONE = OF_VERSION_1.replace(b'"v":1', b'"v":1,"priority":"high"')
OF_ANOTHER_FORMAT = OF_VERSION_1.replace(b'"v":1', b'"v":2')


@pytest.mark.parametrize("entry", [OF_VERSION_1, OF_A_LATER_ONE], ids=["first", "with a new field"])
def test_entry_of_another_release_is_read(entry: bytes) -> None:
    mail = decode(entry)

    assert mail.event_id == EventId("5e3702a84e847582be8db7fb73283c02")
    assert (mail.received_at, mail.payload) == (1774004597.25, b'{"schema":"2.0"}')


def test_entry_of_a_newer_format_is_no_bad_one() -> None:
    with pytest.raises(NewerFormat, match="format 2"):
        decode(OF_ANOTHER_FORMAT)


async def test_mail_of_a_newer_format_waits_for_a_newer_worker(engine: Engine) -> None:
    await engine.accept(event(b"old"))
    await engine.redis.rpush(engine.keys.mailbox(CHAT), OF_ANOTHER_FORMAT)
    handler = Handler(REPLIED)

    assert await follow_wake(engine, handler) == "deferred"

    assert await engine.redis.llen(engine.keys.mailbox(CHAT)) == 2
    assert await engine.redis.hget(engine.queue.attempts, CHAT) == b"0"
    assert (handler.handled, handler.apologies) == ([], 0)


async def test_release_says_what_it_writes(engine: Engine) -> None:
    await require_format(engine.store, engine.keys)

    assert await engine.redis.get(engine.keys.format) == b"%d" % FORMAT


async def test_release_takes_over_from_an_older_one(engine: Engine) -> None:
    await engine.redis.set(engine.keys.format, FORMAT - 1)

    await require_format(engine.store, engine.keys)

    assert await engine.redis.get(engine.keys.format) == b"%d" % FORMAT


async def test_release_does_not_start_where_a_newer_one_works(engine: Engine) -> None:
    await engine.redis.set(engine.keys.format, FORMAT + 1)

    with pytest.raises(ConfigurationError, match=f"keyspace {FORMAT + 1}; this one knows {FORMAT}"):
        await require_format(engine.store, engine.keys)

    assert await engine.redis.get(engine.keys.format) == b"%d" % (FORMAT + 1)


async def test_who_only_visits_keeps_no_release_from_starting(engine: Engine) -> None:
    await require_readable(engine.store, engine.keys)
    assert not await engine.redis.exists(engine.keys.format)

    await engine.redis.set(engine.keys.format, FORMAT + 1)
    with pytest.raises(ConfigurationError, match="a newer release works there"):
        await require_readable(engine.store, engine.keys)
