"""The part of the control API that plays the users and the rest of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.control.burst import Burst
from simulator.control.config import Config
from simulator.control.deeds import Deeds
from simulator.control.events import Events
from simulator.control.fire import Fire
from simulator.control.messages import UserMessages
from simulator.control.press import Press
from simulator.control.saying import Saying

if TYPE_CHECKING:
    from simulator.gateway.gateway import Gateway
    from simulator.world.world import World


class Playing:
    """Its `rooms` all end in an event or a callback to the app."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        saying, push = Saying(world), gateway.push
        self.rooms = (
            UserMessages(world, saying, push),
            Deeds(world, push),
            Press(world, push),
            Fire(world, saying, push),
            Events(gateway.connections, push),
            Burst(saying, push),
            Config(gateway.config, gateway.connections),
        )
