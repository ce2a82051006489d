"""Every event that can be fired by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.events import approvals, apps, chats, contacts, reactions

if TYPE_CHECKING:
    from simulator.events.asked import EventKind

CATALOGUE: Final[dict[str, EventKind]] = {
    kind.name: kind
    for family in (reactions, chats, contacts, approvals, apps)
    for kind in family.KINDS
}
"""A user's message is said, with all a user can say, and not fired: see `control/saying`."""
