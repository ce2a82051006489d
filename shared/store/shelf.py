"""The token that the processes of an app share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shared.model.token import Token

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

FETCHING: Final = 15.0
"""Seconds after which whoever fetches a token is taken for dead: longer than one call may take."""


class TokenShelf:
    """A `Shelf` in Redis."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = [keys.token, keys.fetching]

    async def take(self, *, refused: str, ahead: float) -> tuple[Token, bool]:
        value, good_for, fetches = await self._store.run(
            "take_token", self._keys, [refused, int(ahead * 1000), int(FETCHING * 1000)]
        )
        return Token(value.decode(), good_for / 1000), bool(fetches)

    async def put(self, token: Token) -> None:
        await self._store.run("put_token", self._keys, [token.value, int(token.seconds * 1000)])
