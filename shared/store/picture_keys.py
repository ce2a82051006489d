"""Which pictures were uploaded, and under which keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys

_SECONDS: Final = 7 * 24 * 3600.0


class PictureKeys:
    """The keys of an app's uploads, by the digest of what was uploaded."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def find(self, digest: str) -> str:
        """Return the key of a picture, empty if it was not uploaded within a week.

        Raises:
            StoreUnavailable: Redis did not answer.
        """
        found = await self._store.read(f"{self._keys.pictures}{digest}")
        return "" if found is None else found.decode()

    async def enter(self, digest: str, key: str) -> None:
        """Remember an upload.

        Raises:
            StoreUnavailable: Redis did not confirm.
        """
        await self._store.put(f"{self._keys.pictures}{digest}", key.encode(), seconds=_SECONDS)
