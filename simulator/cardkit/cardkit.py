"""The rooms about cards, wired together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cardkit.changes import Changes
from simulator.cardkit.delayed import DelayedUpdates
from simulator.cardkit.elements import Elements
from simulator.cardkit.entities import Entities
from simulator.cardkit.interactions import Interactions

if TYPE_CHECKING:
    from simulator.faults.faults import Faults
    from simulator.limits.limits import Limits
    from simulator.world.world import World


class Cardkit:
    def __init__(self, world: World, limits: Limits, faults: Faults) -> None:
        changes = Changes(world, limits, faults)
        self.rooms = (
            Entities(world, changes),
            Elements(changes),
            DelayedUpdates(world),
            Interactions(world),
        )
