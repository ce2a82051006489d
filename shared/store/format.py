"""Which releases may share a keyspace.

While an upgrade rolls out two releases work on one Redis. A release reads what older ones wrote.
One that is older than what is written there already does not start: it would misread the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

FORMAT: Final = 1
"""Grows with a release whose keys an older one would misread."""


async def require_format(store: Store, keys: Keys) -> None:
    """Say that this release works here, unless a newer one has.

    Raises:
        ConfigurationError: it has.
        StoreUnavailable: Redis did not confirm.
    """
    _require(await store.run("format", [keys.format], [FORMAT]), keys)


async def require_readable(store: Store, keys: Keys) -> None:
    """The same for who only visits: whatever release this is, it keeps none from starting.

    Raises:
        ConfigurationError: a newer release works there.
        StoreUnavailable: Redis did not answer.
    """
    _require(await store.run("format", [keys.format], [0]), keys)


def _require(stands: int, keys: Keys) -> None:
    if stands > FORMAT:
        raise ConfigurationError(
            f"REDIS_URL: a newer release works there (keyspace {stands}; this one knows {FORMAT});"
            " start that one. To go back, have all mail answered, stop every process, and delete"
            f" {keys.format}"
        )
