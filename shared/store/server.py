"""What a Redis says of itself, and whether it will do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from shared.errors import ConfigurationError, StoreUnavailable
from shared.store.redis_url import NO_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping

OLDEST: Final = (6, 2)
"""The first Redis that has all the commands our scripts and Celery use."""


def require_supported(told: Mapping[str, Any]) -> None:
    """Look at the answer to INFO.

    Raises:
        ConfigurationError: this server will never do.
        StoreUnavailable: it will not do now; it is a replica.
    """
    mode = told.get("redis_mode") or told.get("server_mode")
    if mode == "sentinel":
        raise ConfigurationError(
            "REDIS_URL: this is a Sentinel; to have it name the master write"
            " sentinel://host:26379/MASTER"
        )
    if told.get("cluster_enabled") or mode == "cluster":
        raise ConfigurationError(f"REDIS_URL: {NO_CLUSTER}")
    version = str(told.get("redis_version", ""))
    found = re.match(r"(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        raise ConfigurationError(
            f"REDIS_URL: Redis {version} is too old; it takes 6.2 or newer, or Valkey"
        )
    if told.get("role", "master") != "master":
        raise StoreUnavailable("this Redis is a replica and takes no writes")


def describe(told: Mapping[str, Any]) -> str:
    """Say which server this is, and whether what it is told would survive it."""
    name, version = "Redis", told.get("redis_version", "?")
    if told.get("server_name") == "valkey":
        name, version = "Valkey", told.get("valkey_version", "?")
    kept = "on" if told.get("aof_enabled") else "OFF: acked events are lost if it dies"
    policy = told.get("maxmemory_policy", "?")
    worry = "" if policy == "noeviction" else " : IT MAY FORGET EVENTS"
    return f"{name} {version}, appendonly {kept}, maxmemory-policy {policy}{worry}"
