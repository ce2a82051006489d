"""The Celery message that tells a worker: this conversation has mail.

Celery's producer is synchronous, costs about 2 ms, and may block for ever on a dead broker. But a
wake differs from the next in its ids alone: so Celery's own code writes one, once, to a transport
that only keeps it, and every wake is that one with other ids. A test holds it against what a
worker's `apply_async` puts into a real Redis.
"""

from __future__ import annotations

import base64
import random
import re
import time
from typing import TYPE_CHECKING, Any, Final

from celery import Celery
from kombu import Connection, Producer
from kombu.transport import virtual
from kombu.utils.json import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        self._body = _Template(body, {_CONVERSATION: "conversation"})
        self._message = _Template(
            dumps({"body": "BODY", **message}),
            {"BODY": "body", _TASK_ID: "id", tag: "tag", _CONVERSATION: "conversation"},
        )

    def build(self, conversation: ConversationId, *, task_id: str = "", tag: str = "") -> bytes:
        """Return a wake for `conversation`, ready to be pushed onto the queue."""
        identity = (task_id or uuid7()).encode()
        words = {
            "conversation": conversation.encode(),
            "id": identity,
            "tag": tag.encode() or identity,
        }
        words["body"] = base64.b64encode(self._body.filled(words))
        return self._message.filled(words)


def uuid7() -> str:
    """Return a UUIDv7 (RFC 9562): the Unix time in ms, then chance."""
    now, chance = time.time_ns() // 1_000_000, random.getrandbits(72)
    first, second = now >> 16, now & 0xFFFF
    return (
        f"{first:08x}-{second:04x}-7{chance & 0xFFF:03x}-8{chance >> 12 & 0xFFF:03x}"
        f"-{chance >> 24:012x}"
    )


class _Template:
    """A text with places for words, each of which may stand in several."""

    def __init__(self, text: str, names: dict[str, str]) -> None:
        """`names` says what each place is called, by what stands there now."""
        places = re.compile("|".join(map(re.escape, names)))
        self._names = [names[found] for found in places.findall(text)]
        self._text = places.sub("%b", text.replace("%", "%%")).encode()

    def filled(self, words: Mapping[str, bytes]) -> bytes:
        return self._text % tuple([words[name] for name in self._names])


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
