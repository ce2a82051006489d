from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from shared import sending
from shared.model.ids import ConversationId
from shared.sending import Outbox
from shared.store.mailbox import Verdict, decode

if TYPE_CHECKING:
    from shared.model.mail import Mail
    from shared.store.keys import Keys
    from tests.integration.engine import Engine


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine.store, engine.keys)


async def filed(engine: Engine, line: str) -> list[Mail]:
    mailbox = engine.keys.mailbox(ConversationId(line))
    return [decode(entry) for entry in await engine.redis.lrange(mailbox, 0, -1)]


async def test_what_is_sent_stands_in_the_line_of_its_receiver(
    engine: Engine, outbox: Outbox
) -> None:
    await outbox.send("ou_alice", "one")
    await outbox.send("ou_alice", markdown="**two**")
    await outbox.send("ou_alice", card={"schema": "2.0"})

    bodies = [orjson.loads(mail.payload)["event"] for mail in await filed(engine, "send:ou_alice")]

    assert bodies == [
        {"to": "ou_alice", "text": "one"},
        {"to": "ou_alice", "markdown": "**two**"},
        {"to": "ou_alice", "card": {"schema": "2.0"}},
    ]
    assert await engine.redis.llen(engine.keys.queue("events").wakes) == 1


async def test_second_one_under_a_key_is_a_duplicate(engine: Engine, outbox: Outbox) -> None:
    first = await outbox.send("ou_alice", "one", key="build-42")

    second = await outbox.send("ou_alice", "two", key="build-42")

    assert (first.event_id, first.verdict) == ("send-build-42", Verdict.ACCEPTED)
    assert (second.event_id, second.verdict) == ("send-build-42", Verdict.DUPLICATE)
    assert len(await filed(engine, "send:ou_alice")) == 1


async def test_address_is_in_no_name(engine: Engine, outbox: Outbox) -> None:
    await outbox.send("alice@example.com", "hello")

    (line,) = await engine.redis.keys(engine.keys.mailbox(ConversationId("send:*")))

    assert b"alice" not in line


@pytest.mark.parametrize(
    ("to", "content", "says"),
    [
        ("", {"text": "x"}, "no id"),
        ("a b", {"text": "x"}, "no id"),
        ("张三", {"text": "x"}, "no id"),
        ("ou_1", {}, "one of a text"),
        ("ou_1", {"text": "x", "markdown": "y"}, "one of a text"),
        ("ou_1", {"text": "x", "key": "a b"}, "a key is"),
        ("ou_1", {"text": "x", "key": ""}, "a key is"),
    ],
)
async def test_what_cannot_be_sent_is_not_filed(
    engine: Engine, outbox: Outbox, to: str, content: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        await outbox.send(to, **content)

    assert await engine.redis.dbsize() == 0


async def test_any_process_sends_by_its_settings(
    clean: str, keys: Keys, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", clean)
    monkeypatch.setenv("FEISHU_APP_ID", keys.app_id)

    found = await sending.send("oc_team", "hello")

    assert found.verdict is Verdict.ACCEPTED
    assert [mail.event_id for mail in await filed(engine, "send:oc_team")] == [found.event_id]
