"""Celery's consumer, but for how it waits when Redis is away, and how it stops.

As it comes, it has three ways to wait, and each can make a worker that lives but takes nothing:

- A heartbeat, or an answer to remote control, is retried for ever by `Connection.ensure`, in the
  consumer's own thread, which then neither takes wakes nor sees that it is to stop.
- The consumer itself waits for up to 30 s between two tries, so as long after Redis has come back.
- After an answer that is no connection's error (READONLY, MISCONF) it does not wait at all: it
  connects anew six times a second.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import TYPE_CHECKING, Any, Final

import kombu
from celery.app.amqp import AMQP
from celery.worker import consumer
from kombu.common import ignore_errors

if TYPE_CHECKING:
    from collections.abc import Callable

_BETWEEN_TRIES: Final = {"interval_start": 1, "interval_step": 1, "interval_max": 5}
_BETWEEN_CONNECTIONS: Final = 1.0


class Connection(kombu.Connection):
    """Whatever is to be said to Redis is said once; only the consumer waits for it."""

    def ensure(
        self,
        obj: Any,
        fun: Callable[..., Any],
        errback: Callable[..., Any] | None = None,
        max_retries: int | None = 0,
        **patience: Any,
    ) -> Any:
        """Return `fun`, retried only for who asks for it: a lost heartbeat is followed by another.

        Raises:
            kombu.exceptions.OperationalError: when called, if Redis could not be told.
        """
        return super().ensure(obj, fun, errback, max_retries, **patience)

    def ensure_connection(self, *args: Any, **patience: Any) -> Any:
        """Wait for Redis, in steps that grow to 5 s; between them the consumer may be stopped."""
        return super().ensure_connection(*args, **{**_BETWEEN_TRIES, **patience})


class Amqp(AMQP):
    Connection = Connection


class Consumer(consumer.Consumer):
    _last_connected = -_BETWEEN_CONNECTIONS

    def connect(self) -> Any:
        """Connect; after a connection that was of no use, a second later than that one."""
        time.sleep(max(0.0, self._last_connected + _BETWEEN_CONNECTIONS - time.monotonic()))
        self._last_connected = time.monotonic()
        return super().connect()

    def stop(self) -> None:
        """Take no more wakes, not even the one that Redis may give to the last BRPOP.

        The connections stay open until the last turn has ended, and so would that wake lie here.
        A channel that is closed waits for its answer, a second at most, and puts it back.
        """
        super().stop()
        if self.task_consumer:
            ignore_errors(self, self.task_consumer.channel.close)


def note_answers(channel: Any, note: Callable[[], None]) -> None:
    """Have `note` called whenever Redis has answered BRPOP, be it with a wake or with none."""
    read = channel.handlers["BRPOP"]

    def noted() -> Any:
        try:
            taken = read()
        except Empty:
            note()
            raise
        note()
        return taken

    channel.handlers["BRPOP"] = noted
