"""The conversation engine: what turns are run with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.store.drafts import Drafts
from shared.store.endings import Endings
from shared.store.lease import Leases
from shared.store.ledger import Ledger

if TYPE_CHECKING:
    from shared.store.connection import Store
    from shared.store.keys import Keys


@dataclass(frozen=True, slots=True)
class Engine:
    """How a turn begins, what it keeps and sends meanwhile, and how it ends."""

    leases: Leases
    drafts: Drafts
    ledger: Ledger
    endings: Endings


def engine(store: Store, keys: Keys, *, lease: float, exchanges: int, kept: float) -> Engine:
    """Lease for `lease` seconds; keep the last `exchanges` of a history, for `kept` seconds."""
    return Engine(
        Leases(store, keys, seconds=lease),
        Drafts(store, keys),
        Ledger(store, keys),
        Endings(store, keys, exchanges=exchanges, kept=kept),
    )
