"""What becomes of dead letters that somebody replays or drops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.errors import MalformedEvent
from shared.store.dead_letters import DeadLetters
from shared.store.letters import every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.ids import LetterId
    from shared.store.connection import Store
    from shared.store.keys import Keys


@dataclass(slots=True)
class Fates:
    """How many letters it was done to, and how much mail they held; which were gone, or failed."""

    letters: int = 0
    mail: int = 0
    gone: list[LetterId] = field(default_factory=list)
    failed: dict[LetterId, str] = field(default_factory=dict)


async def replay_some(store: Store, keys: Keys, *, letters: Sequence[LetterId]) -> Fates:
    """Replay these, in this order.

    Raises:
        StoreUnavailable: Redis did not confirm. Each letter is replayed whole, or not at all.
    """
    fates = Fates()
    for letter in dict.fromkeys(letters):
        if not await _replay(DeadLetters(store, keys), letter, fates):
            fates.gone.append(letter)
    return fates


async def replay_all(store: Store, keys: Keys) -> Fates:
    """Replay all that are there now, the oldest first; what somebody else takes meanwhile is his.

    Raises:
        StoreUnavailable: Redis did not confirm. Each letter is replayed whole, or not at all.
    """
    fates = Fates()
    async for letter in every(store, keys):
        await _replay(DeadLetters(store, keys), letter.id, fates)
    return fates


async def drop_some(store: Store, keys: Keys, *, letters: Sequence[LetterId]) -> Fates:
    """Drop these.

    Raises:
        StoreUnavailable: Redis did not confirm.
    """
    fates = Fates()
    for letter in dict.fromkeys(letters):
        if await DeadLetters(store, keys).drop(letter):
            fates.letters += 1
        else:
            fates.gone.append(letter)
    return fates


async def drop_all(store: Store, keys: Keys) -> Fates:
    """Drop all that are there now.

    Raises:
        StoreUnavailable: Redis did not confirm.
    """
    fates = Fates()
    async for letter in every(store, keys):
        fates.letters += await DeadLetters(store, keys).drop(letter.id)
    return fates


async def _replay(dead_letters: DeadLetters, letter: LetterId, fates: Fates) -> bool:
    """Replay one; return False if it is gone."""
    try:
        mail = await dead_letters.replay(letter)
    except MalformedEvent as error:
        fates.failed[letter] = f"cannot be replayed: {error}"
        return True
    fates.letters += mail > 0
    fates.mail += mail
    return mail > 0
