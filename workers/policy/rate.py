"""How many messages of one user are answered in a minute, by the whole fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from shared.model.ids import OpenId
    from shared.store.connection import Store
    from shared.store.keys import Keys

Ruling = Literal["fine", "told", "silent"]
"""About a message: it is answered; its user is told that it is not; or not even that."""

_WINDOW: Final = 60.0
_REMEMBERED: Final = 3600.0
"""Seconds: longer than a turn is tried."""

_FINE: Final = b"fine"
_RULINGS: Final[dict[bytes, Ruling]] = {_FINE: "fine", b"told": "told", b"silent": "silent"}


class Rate:
    """Counts messages by the clock of Redis."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def has_passed(self, message: str) -> bool:
        """Whether a message was found fine within an hour.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        return await self._store.read(self._keys.ruling(message)) == _FINE

    async def rule(self, user: OpenId, message: str, *, per_minute: int | None) -> Ruling:
        """Count a message, or turn it away; within an hour the same message is ruled on once.

        Of those that are turned away the first one of a minute is `told`.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        if per_minute is None:
            await self._store.put(self._keys.ruling(message), _FINE, seconds=_REMEMBERED)
            return "fine"
        keys = [
            f"{self._keys.limits}user {user}",
            self._keys.ruling(message),
            self._keys.told("rate", user),
        ]
        arguments = [int(_WINDOW * 1000), per_minute, int(_REMEMBERED * 1000)]
        ruling = await self._store.run("ration", keys, arguments)
        return _RULINGS[ruling]
