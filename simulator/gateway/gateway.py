"""The gateway put together: sockets, and the ways an event goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.gateway.client_config import ClientConfig
from simulator.gateway.connections import Connections
from simulator.gateway.courier import Courier
from simulator.gateway.deliveries import Deliveries
from simulator.gateway.discovery import Discovery
from simulator.gateway.ladder import WAITS, Ladder
from simulator.gateway.long_connection import LongConnection
from simulator.gateway.mischief import Mischief
from simulator.gateway.push import Push
from simulator.gateway.sabotage import Sabotage
from simulator.gateway.sockets import Sockets
from simulator.gateway.tickets import Tickets
from simulator.gateway.wiretap import Wiretap
from simulator.webhook.address import Address
from simulator.webhook.webhook import Webhook

if TYPE_CHECKING:
    from simulator.faults.faults import Faults
    from simulator.gateway.clock import Clock
    from simulator.gateway.flight import Route
    from simulator.gateway.wiretap import Tell
    from simulator.options import Options
    from simulator.world.people import App


NORMAL_CLOSURE: Final = 1000


class Gateway:
    """`push` is the door for events, `rooms` are what clients call."""

    def __init__(
        self, app: App, options: Options, clock: Clock, faults: Faults, tell: Tell
    ) -> None:
        self._clock = clock
        self._ladder = Ladder(options.time_scale)
        self._mischief = mischief = Mischief(faults, app)
        self.config = ClientConfig(options)
        self.connections = Connections()
        self.deliveries = Deliveries(options.keep * (1 + len(WAITS)))
        wiretap = Wiretap(tell)
        sabotage = Sabotage(mischief, self.connections, clock, split_over=options.split_over)
        sockets = LongConnection(
            self.connections,
            self.deliveries,
            clock,
            sabotage,
            wiretap,
            ack_deadline=options.ack_deadline,
        )
        address = Address(options.webhook, options.encrypt_key, options.verification_token)
        self.webhook = Webhook(address, wiretap, deadline=options.ack_deadline)
        self._by_webhook = by_webhook = self._courier(self.webhook) if options.webhook else None
        self.push = Push(mischief, clock, self._courier(sockets), by_webhook)
        tickets = Tickets(clock)
        self.rooms = (
            Discovery(app, tickets, self.connections, self.config, mischief),
            Sockets(self.connections, tickets, sockets, self.config, mischief, wiretap),
        )

    async def start(self) -> None:
        """Begin to post, if there is a webhook."""
        if self._by_webhook is not None:
            self.webhook.start()

    async def stop(self) -> None:
        """Close every socket, and give up what is being posted."""
        await self.connections.close_all(NORMAL_CLOSURE)
        await self.webhook.stop()

    def _courier(self, route: Route) -> Courier:
        return Courier(route, self.deliveries, self._ladder, self._clock, self._mischief)
