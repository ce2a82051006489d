"""The Celery message that tells a worker: this conversation has mail.

Celery's producer is synchronous, costs about 2 ms, and may block for ever on a dead broker. But a
wake differs from the next in its ids alone: so Celery's own code writes one, once, to a transport
that only keeps it, and the scripts push that one with other ids (`wake.lua`). A test holds it
against what a worker's `apply_async` puts into a real Redis.
"""

from __future__ import annotations

from typing import Any, Final

from celery import Celery
from kombu import Connection, Producer
from kombu.transport import virtual
from kombu.utils.json import dumps

BODY_ENCODING: Final = None
"""Base64 is kombu's default, and for bodies that are not text; ours are JSON, in which a script
can put a name."""

_TASK: Final = "$task"
_ID: Final = "$id"
_CONVERSATION: Final = "$conversation"
_QUEUE: Final = "$queue"


class _KeepingChannel(virtual.Channel):
    """Keeps the last message, shaped as for any broker that is not AMQP, and sends nothing."""

    body_encoding = BODY_ENCODING
    kept: dict[str, Any]

    def _put(self, _queue: str, message: dict[str, Any], **_: object) -> None:
        self.kept = message


class _KeepingTransport(virtual.Transport):
    Channel = _KeepingChannel


def _written_by_celery() -> dict[str, Any]:
    channel = Connection(transport=_KeepingTransport).channel()
    Celery(set_as_current=False).send_task(
        _TASK,
        (_CONVERSATION,),
        task_id=_ID,
        queue=_QUEUE,
        ignore_result=True,
        retry=False,
        producer=Producer(channel, auto_declare=False),
    )
    kept: dict[str, Any] = channel.kept
    return kept


def _template() -> bytes:
    message = _written_by_celery()
    message["properties"]["delivery_tag"] = _ID
    written: str = dumps(message)
    return written.encode()


TEMPLATE: Final = _template()
"""A wake with `$task`, `$id`, `$conversation` and `$queue` where these stand; written when this
module is imported, as Celery reads the disk for it."""
