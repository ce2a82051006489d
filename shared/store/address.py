"""Where Redis is, as a value that shows no secret. `redis_url` reads it, `broker` tells Celery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Place(NamedTuple):
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Login:
    """As whom to log in. It is never shown."""

    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


NOBODY = Login()


@dataclass(frozen=True, slots=True)
class Server:
    """A Redis at a place that stays. `tls` holds redis-py's options for it; None means no TLS."""

    place: Place
    db: int = 0
    login: Login = NOBODY
    tls: Mapping[str, str | bool] | None = None

    def __str__(self) -> str:
        return f"{'redis' if self.tls is None else 'rediss'}://{self.place}/{self.db}"


@dataclass(frozen=True, slots=True)
class Socket:
    """A Redis of this machine, at a path."""

    path: str
    db: int = 0
    login: Login = NOBODY

    def __str__(self) -> str:
        return f"unix://{self.path}?db={self.db}"


@dataclass(frozen=True, slots=True)
class Watched:
    """The Redis that Sentinels call `master`, wherever it is now.

    `login` is for Redis; the Sentinels may ask for one of their own.
    """

    sentinels: tuple[Place, ...]
    master: str
    db: int = 0
    login: Login = NOBODY
    sentinel_login: Login = NOBODY

    def __str__(self) -> str:
        return f"sentinel://{','.join(map(str, self.sentinels))}/{self.master}/{self.db}"


Address = Server | Socket | Watched
