"""A clock for a Redis whose own cannot be set.

The scripts only ever compare `TIME` with times that they wrote before. So to move those by -delta
is for them what a clock would be that jumped by delta, forwards or back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shared.model.queue import QUEUES

if TYPE_CHECKING:
    from shared.store.keys import Keys


def jump(redis: Any, keys: Keys, seconds: float) -> None:
    """Let the server's clock jump by so many seconds."""
    shift = seconds * 1000
    for queue in map(keys.queue, QUEUES):
        for key in (queue.waking, queue.running, queue.deferred):
            for name, score in redis.zrange(key, 0, -1, withscores=True):
                redis.zadd(key, {name: score - shift})
        wakes = redis.lrange(queue.wakes, 0, -1)
        redis.delete(queue.wakes)
        for wake in wakes:
            redis.rpush(queue.wakes, _older(wake, int(shift)))


def _older(wake: bytes, shift: int) -> bytes:
    """The same wake, its id (a UUIDv7) from so many ms before."""
    old = conversation_and_id(wake)[1]
    moment = f"{int(old.replace('-', '')[:12], 16) - shift:012x}"
    return wake.replace(old.encode(), f"{moment[:8]}-{moment[8:]}{old[13:]}".encode())


def conversation_and_id(wake: bytes) -> tuple[str, str]:
    message: dict[str, Any] = json.loads(wake)
    ((name,), *_) = json.loads(message["body"])
    return name, message["headers"]["id"]
