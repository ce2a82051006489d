"""What Redis does in the tests of back-pressure, and what the platform sees of it."""

from __future__ import annotations

import shlex
import signal
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from redis import Redis

from shared.model.ids import AppId, ConversationId
from shared.store.keys import Keys
from shared.store.mailbox import decode
from tests.eventually import eventually
from tests.stage import APP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.model.mail import Mail
    from tests.processes import Process
    from tests.stage import Stage

KEYS = Keys(AppId(APP_ID))


def say(stage: Stage) -> list[str]:
    """Say three things at once, as alice; return the ids of the messages."""
    stage.post("/_sim/burst", {"count": 3, "rate": 1000, "text": "hello"})
    said = [message for message in stage.messages() if not message.get("parent_id")]
    return [str(message["message_id"]) for message in said[-3:]]


def heard(stage: Stage, since: float) -> None:
    """Wait until the ingress has had a frame since then, by `time.monotonic`."""

    def has_heard() -> bool:
        passed = time.monotonic() - since
        return stage.metric("larkspur_last_frame_age_seconds") < passed

    eventually(has_heard)


def codes(stage: Stage, message_id: str) -> list[int | None]:
    """Return how each delivery was acked, once one was taken; None if not in time."""
    stage.acked(message_id)
    return [delivery["ack_code"] for delivery in stage.deliveries(message_id)]


def refused(stage: Stage, said: list[str]) -> None:
    """Wait until the first deliveries are done with: each was refused, and none left."""
    for message_id in said:
        first = eventually(partial(first_ended, stage, message_id))
        assert first["ack_code"] == 500, first


def first_ended(stage: Stage, message_id: str) -> dict[str, Any]:
    """Return the first delivery of a message once it was acked, or given up by the platform."""
    first = stage.deliveries(message_id)[0]
    return first if first["ack_code"] or first["error"] else {}


def mails(stage: Stage, conversation: str) -> list[Mail]:
    """Return what is in the mailbox of a conversation, in order."""
    with Redis.from_url(stage.valkey.url) as redis:
        entries = redis.lrange(KEYS.mailbox(ConversationId(conversation)), 0, -1)
    return [decode(entry) for entry in entries]


def order(stage: Stage, command: str) -> Any:
    with Redis.from_url(stage.valkey.url) as redis:
        return redis.execute_command(*shlex.split(command))


@contextmanager
def outage(*, at_most: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    if (took := time.monotonic() - began) > at_most:
        pytest.skip(f"this machine is too busy: a short outage took it {took:.1f} s")


@contextmanager
def stopped(stage: Stage) -> Iterator[None]:
    """Stop Redis where it stands; it goes on at the end."""
    assert stage.valkey.process is not None
    stage.valkey.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        stage.valkey.process.send_signal(signal.SIGCONT)


def assert_whole(stage: Stage, ingress: Process, said: list[str], *, worker: bool = True) -> None:
    """All is well again by itself: each message is answered, once and in order."""
    eventually(lambda: stage.get_ready()[0])
    assert stage.metric("larkspur_redis_up") == 1
    if worker:
        stage.start_worker()
    for message_id in said:
        assert stage.answer(message_id).startswith("You said: hello")
    parents = [message.get("parent_id") for message in stage.messages(stage.chat_of(said[0]))]
    assert [parent for parent in parents if parent] == said
    assert_never_restarted(ingress)


def assert_never_restarted(ingress: Process) -> None:
    ingress.send(signal.SIGTERM)
    assert ingress.ended() == 0
