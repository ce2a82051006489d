"""Redis's faults in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from redis.exceptions import (
    AuthenticationError,
    MasterDownError,
    NoPermissionError,
    ReadOnlyError,
    RedisError,
)

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.pool import Pool
from shared.store.redis_url import NO_CLUSTER

if TYPE_CHECKING:
    from redis.asyncio import ConnectionPool

FAULTS: Final = (RedisError, OSError, RuntimeError)
"""What a call to Redis raises, a time-out too; the last is uvloop's word for a connection that was
reset."""


def unavailable(error: Exception, pool: ConnectionPool) -> StoreUnavailable:
    """Return what the rest of the house is told; from a replica all connections are doubted."""
    if _is_replica(error) and isinstance(pool, Pool):
        pool.doubt()
    return StoreUnavailable(str(error) or type(error).__name__)


def refusal(fault: BaseException) -> str:
    """Return in which words Redis, or every Sentinel, turned us away for good, if they did.

    What goes wrong at connecting lies beneath what redis-py makes of it.
    """
    cause = fault.__cause__
    while cause is not None:
        said = str(cause)
        if "SELECT is not allowed in cluster mode" in said:
            return NO_CLUSTER
        if isinstance(cause, (AuthenticationError, NoPermissionError, ConfigurationError)):
            return said
        if "DB index is out of range" in said:
            return said
        cause = cause.__cause__
    return ""


def _is_replica(error: Exception) -> bool:
    """Tell whether this came from a server that is the master no more, or not yet.

    Redis 6.2 wraps what a script ran into into an error of its own.
    """
    return isinstance(error, (ReadOnlyError, MasterDownError)) or "-READONLY" in str(error)
