"""The Celery message that tells a worker: this conversation has mail.

Celery's producer is synchronous, costs about 2 ms, and may block for ever on a dead broker. But a
wake differs from the next in its ids alone: so Celery's own code writes one, once, to a transport
that only keeps it, and every wake is that one with other ids. A test holds it against what a
worker's `apply_async` puts into a real Redis.
"""

from __future__ import annotations

import base64
import os
import time
from typing import TYPE_CHECKING, Any, Final

from celery import Celery
from kombu import Connection, Producer
from kombu.transport import virtual
from kombu.utils.json import dumps

if TYPE_CHECKING:
    from shared.model.ids import ConversationId

TASK: Final = "turn"
QUEUE: Final = "turns"

_TASK_ID = "00000000-0000-7000-8000-00000000001d"
_CONVERSATION = "oc_somebody"


class Wakes:
    """Builds wakes; each has an id of its own, a UUIDv7, so that its age can be told by it."""

    def __init__(self) -> None:
        message = _written_by_celery()
        body = base64.b64decode(message.pop("body")).decode()
        tag = message["properties"]["delivery_tag"]
        self._body = _template(body, {_CONVERSATION: "conversation"})
        self._message = _template(
            dumps({"body": "BODY", **message}),
            {"BODY": "body", _TASK_ID: "id", tag: "tag", _CONVERSATION: "conversation"},
        )

    def build(self, conversation: ConversationId, *, task_id: str = "", tag: str = "") -> bytes:
        """Return a wake for `conversation`, ready to be pushed onto the queue."""
        chance = os.urandom(25).hex()
        words = {
            "conversation": conversation,
            "id": task_id or _uuid7(chance[31:]),
            "tag": tag
            or f"{chance[:8]}-{chance[8:12]}-4{chance[12:15]}-8{chance[15:18]}-{chance[18:30]}",
        }
        words["body"] = base64.b64encode((self._body % words).encode()).decode()
        return (self._message % words).encode()


def uuid7() -> str:
    """Return a UUIDv7 (RFC 9562): the Unix time in ms, then chance."""
    return _uuid7(os.urandom(9).hex())


def _uuid7(chance: str) -> str:
    now = f"{time.time_ns() // 1_000_000:012x}"
    return f"{now[:8]}-{now[8:]}-7{chance[:3]}-8{chance[3:6]}-{chance[6:18]}"


def _template(text: str, names: dict[str, str]) -> str:
    text = text.replace("%", "%%")
    for found, name in names.items():
        text = text.replace(found, f"%({name})s")
    return text


class _KeepingChannel(virtual.Channel):
    """Keeps the last message, shaped as for any broker that is not AMQP, and sends nothing."""

    kept: dict[str, Any]

    def _put(self, _queue: str, message: dict[str, Any], **_: object) -> None:
        self.kept = message


class _KeepingTransport(virtual.Transport):
    Channel = _KeepingChannel


def _written_by_celery() -> dict[str, Any]:
    channel = Connection(transport=_KeepingTransport).channel()
    Celery(set_as_current=False).send_task(
        TASK,
        (_CONVERSATION,),
        task_id=_TASK_ID,
        queue=QUEUE,
        ignore_result=True,
        retry=False,
        producer=Producer(channel, auto_declare=False),
    )
    kept: dict[str, Any] = channel.kept
    return kept
