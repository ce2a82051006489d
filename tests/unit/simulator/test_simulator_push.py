from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from simulator.events.event import Event
from simulator.faults.faults import Faults
from simulator.gateway.connections import Connection, Connections
from simulator.gateway.courier import Courier
from simulator.gateway.deliveries import Deliveries
from simulator.gateway.frames import Frame, Method, decode
from simulator.gateway.ladder import Ladder
from simulator.gateway.long_connection import LongConnection
from simulator.gateway.mischief import Mischief
from simulator.gateway.push import Push
from simulator.gateway.sabotage import Sabotage
from simulator.gateway.wiretap import Wiretap
from simulator.ids import ConnectionId, EventId
from simulator.world.people import make_app

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock

EVENT = Event(EventId("e1"), b"{}")


class Gateway:
    """A push with everything it stands on, and up to one connection nobody reads."""

    def __init__(self, clock: FakeClock, *, time_scale: float = 1.0, connected: bool) -> None:
        self.clock = clock
        self.connections = Connections()
        self.connection = Connection(ConnectionId("c1"), web.WebSocketResponse(), None)
        self.deliveries = Deliveries(keep=100)
        self.faults = Faults(clock)
        mischief = Mischief(self.faults, make_app("cli_a1b2c3d4e5f60718", "", "bot"))
        self.route = LongConnection(
            self.connections,
            self.deliveries,
            clock,
            Sabotage(mischief, self.connections, clock, split_over=0),
            Wiretap(lambda _name, _shape: None),
            ack_deadline=3.0,
        )
        courier = Courier(self.route, self.deliveries, Ladder(time_scale), clock, mischief)
        self.push = Push(mischief, clock, courier, None)
        if connected:
            self.connections.add(self.connection)

    def attempts(self) -> int:
        return len(self.deliveries.of(EVENT.event_id))

    def attempt_times(self, until: float, step: float = 0.5) -> list[float]:
        """Advance to `until` and return when each attempt was first seen."""
        seen = [self.clock.now] * self.attempts()
        while self.clock.now < until:
            self.clock.advance(step)
            seen += [self.clock.now] * (self.attempts() - len(seen))
        return seen

    def answer(self, payload: bytes) -> None:
        written = self.connection._outbox.get_nowait()
        assert isinstance(written, bytes)
        self.route.ack(Frame(method=Method.DATA, headers=decode(written).headers, payload=payload))


def test_event_without_a_connection_climbs_the_whole_ladder(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=False)

    gateway.push.push(EVENT)
    times = gateway.attempt_times(until=40_000, step=5)

    assert times == [0, 15, 315, 3915, 25515]


def test_unacked_event_fails_after_three_seconds_and_comes_again(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)

    gateway.push.push(EVENT)
    times = gateway.attempt_times(until=400)

    assert times == [0, 18, 321]


def test_time_scale_divides_the_ladder_and_not_the_deadline(clock: FakeClock) -> None:
    gateway = Gateway(clock, time_scale=10, connected=True)

    gateway.push.push(EVENT)
    times = gateway.attempt_times(until=40)

    assert times == [0, 4.5, 37.5]


def test_acked_event_does_not_come_again(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)
    gateway.push.push(EVENT)

    gateway.answer(b'{"code":200}')
    clock.advance(40_000)

    assert gateway.attempts() == 1
    assert gateway.deliveries.counts["acked"] == 1


@pytest.mark.parametrize(
    "payload", [b'{"code":500}', b"", b"nonsense", b"[]", b"{}", b'{"code":"200"}']
)
def test_any_other_ack_fails_at_once(clock: FakeClock, payload: bytes) -> None:
    gateway = Gateway(clock, connected=True)
    gateway.push.push(EVENT)

    gateway.answer(payload)
    clock.advance(15)

    assert gateway.attempts() == 2


def test_ack_after_the_deadline_is_late(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)
    gateway.push.push(EVENT)
    clock.advance(3)

    gateway.answer(b'{"code":200}')

    assert gateway.deliveries.counts["late"] == 1
    assert gateway.deliveries.counts["acked"] == 0


def test_event_in_flight_on_a_lost_connection_fails_at_once(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)
    gateway.push.push(EVENT)

    gateway.connections.remove(gateway.connection)
    gateway.route.connection_lost(gateway.connection.connection_id)
    gateway.connections.add(gateway.connection)
    clock.advance(15)

    assert gateway.attempts() == 2
    assert gateway.deliveries.of(EVENT.event_id)[0].error == "the connection closed"


def test_events_expire_in_the_order_they_were_pushed(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)
    gateway.push.push(EVENT)
    clock.advance(2)
    gateway.push.push(Event(EventId("e2"), b"{}"))

    clock.advance(1)

    assert gateway.deliveries.of(EventId("e1"))[0].error == "no ack in time"
    assert gateway.deliveries.of(EventId("e2"))[0].error is None


def test_callback_is_never_pushed_again(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=True)

    gateway.push.push(Event(EVENT.event_id, b"{}", redelivered=False))
    clock.advance(40_000)

    assert gateway.attempts() == 1


def test_oldest_deliveries_are_forgotten(clock: FakeClock) -> None:
    gateway = Gateway(clock, connected=False)

    for number in range(150):
        gateway.push.push(Event(EventId(f"n{number}"), b"{}"))

    assert gateway.deliveries.of(EventId("n49")) == []
    assert len(gateway.deliveries.of(EventId("n50"))) == 1
    assert len(gateway.deliveries.newest(1_000)) == 100
