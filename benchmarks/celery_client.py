"""A baseline: the official client, a dedup key in Redis and a Celery task, as is usually built.

A slow answer must not be waited for by the handler, so it remembers the event's id for a day and
hands the event to a task. Both calls are synchronous, since the client calls its handlers so.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import lark_oapi as lark
from celery import Celery
from redis import Redis

from benchmarks.official_client import run

if TYPE_CHECKING:
    from lark_oapi.api.im.v1 import P2ImMessageReceiveV1

_REMEMBERED: Final = 24 * 3600

app = Celery("bot", broker=os.environ["REDIS_URL"])
redis = Redis.from_url(os.environ["REDIS_URL"])


@app.task
def answer(event: str) -> None:
    """No worker runs: what is measured is the way to the queue."""


def receive(event: P2ImMessageReceiveV1) -> None:
    """Queue what was not seen before."""
    if redis.set(f"event:{event.header.event_id}", 1, nx=True, ex=_REMEMBERED):
        answer.delay(lark.JSON.marshal(event))


if __name__ == "__main__":
    run(receive)
