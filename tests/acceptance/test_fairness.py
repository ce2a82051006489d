"""One chat cannot keep the others waiting, and who waits is told so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redis import Redis

from shared.model.ids import AppId, ConversationId
from shared.store.keys import Keys
from tests.acceptance.callbacks import text_of
from tests.eventually import eventually
from tests.stage import APP_ID

if TYPE_CHECKING:
    from tests.stage import Stage


def test_chat_with_ten_thousand_messages_does_not_delay_the_others(stage: Stage) -> None:
    stage.start_ingress()
    flooded = stage.chat_of(stage.say("#pace 0.2 100"))
    with Redis.from_url(stage.valkey.url) as redis:
        mailbox = Keys(AppId(APP_ID)).mailbox(ConversationId(flooded))
        (entry,) = eventually(lambda: redis.lrange(mailbox, 0, -1))
        redis.rpush(mailbox, *[entry] * 10_000)

        stage.start_worker(LARKSPUR_WORKER__CONCURRENCY="1", LARKSPUR_WORKER__WHEN_BUSY="each")

        assert stage.answer(stage.say("hello", user="bob")) == "You said: hello"
        assert redis.llen(mailbox) > 9_000


def test_who_waits_for_long_is_told_how_many_are_ahead(stage: Stage) -> None:
    stage.start_ingress()
    worker = stage.start_worker(
        LARKSPUR_WORKER__CONCURRENCY="1", LARKSPUR_WORKER__POSITION_AFTER="1"
    )
    stage.say("#pace 100 100")
    worker.says("turn.begun")
    stage.say("I am next", user="bob")
    waiting = stage.say("and I after that", user="carol")

    (shown,) = eventually(lambda: stage.answers(waiting))

    assert "1" in text_of(stage, shown)
    stage.say("/stop")
    assert stage.answer(waiting) == "You said: and I after that"
    assert stage.answers(waiting) == [shown]
