"""What of an app is kept in Redis beside its mail, each by its own object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.store.choices import Choices
from shared.store.dead_letters import DeadLetters
from shared.store.decisions import Decisions
from shared.store.greetings import Greetings
from shared.store.history import History
from shared.store.notices import Notices
from shared.store.picture_keys import PictureKeys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.store.connection import Store
    from shared.store.keys import Keys


@dataclass(frozen=True, slots=True)
class Records:
    """The records that handlers read and write."""

    choices: Choices
    dead_letters: DeadLetters
    decisions: Decisions
    greetings: Greetings
    history: History
    notices: Notices
    pictures: PictureKeys


def records(store: Store, keys: Keys, *, exchanges: int, models: Sequence[str]) -> Records:
    """Read the last `exchanges` of a history; `models` are those there are to choose from."""
    return Records(
        Choices(store, keys, models),
        DeadLetters(store, keys),
        Decisions(store, keys),
        Greetings(store, keys),
        History(store, keys, exchanges=exchanges),
        Notices(store, keys),
        PictureKeys(store, keys),
    )
