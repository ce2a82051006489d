"""The Open API put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.limits.limits import Limits
from simulator.limits.quota import Quota
from simulator.openapi.bad_days import BadDays
from simulator.openapi.bot import Bot
from simulator.openapi.calls import Calls
from simulator.openapi.chats import Chats
from simulator.openapi.departments import Departments
from simulator.openapi.door import Door
from simulator.openapi.history import History
from simulator.openapi.messages import BotMessages
from simulator.openapi.reactions import Reactions
from simulator.openapi.resources import Resources
from simulator.openapi.revisions import Revisions
from simulator.openapi.tokens import Tokens
from simulator.openapi.uploads import Uploads
from simulator.openapi.users import Users
from simulator.openapi.uuids import Uuids

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Middleware

    from simulator.faults.faults import Faults
    from simulator.gateway.clock import Clock
    from simulator.options import Options
    from simulator.world.world import World


class OpenApi:
    """Every API but cardkit, and what all calls share."""

    def __init__(self, world: World, faults: Faults, options: Options, clock: Clock) -> None:
        self.calls = Calls()
        self.tokens = Tokens(world.app, clock)
        self.limits = Limits(clock, enforced=options.limits == "on")
        self.quota = Quota(options.quota)
        self._door = Door(self.tokens, self.limits, self.quota)
        self._bad_days = BadDays(faults, self.tokens, world)
        self._rooms = (
            self.tokens,
            Bot(world.app),
            BotMessages(world, self.limits, Uuids(clock, options.keep)),
            History(world),
            Revisions(world, self.limits),
            Reactions(world),
            Uploads(world),
            Resources(world),
            Users(world),
            Departments(world),
            Chats(world),
        )

    def routes(self) -> list[web.RouteDef]:
        return [route for room in self._rooms for route in room.routes()]

    @property
    def middlewares(self) -> list[Middleware]:
        """Outermost first: the record, then what may go wrong, then who may come in."""
        return [self.calls.middleware, self._bad_days.middleware, self._door.middleware]
