"""The platform's side of the long connection, lean enough not to be what is measured.

It runs in the driver's own loop, answers discovery (facts 1.1), takes any number of connections
and sends events over them in four manners; every ack is checked. An event costs it about 8 us of
a core where acks come many at once, as the ingress sends them, and 50 to 70 us where each comes by
itself, as from the official client.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.events import CONTROL, STORED, Events, Frame, pong
from benchmarks.open_socket import OpenSocket, headed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

PATIENCE: Final = 3.0
"""Seconds after which the platform counts a delivery as failed (facts 2.1)."""

_CONFIG: Final = {
    "ReconnectCount": -1,
    "ReconnectInterval": 120,
    "ReconnectNonce": 1,
    "PingInterval": 120,
}
_AT_MOST: Final = 120.0
_TICK: Final = 0.001
_SPREAD: Final = 2_654_435_761  # scatters consecutive events over the conversations


@dataclass(slots=True)
class Run:
    """What is sent in one go. Times are `perf_counter`'s, in seconds."""

    to_send: int
    conversations: int
    unacked: dict[int, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    begun: float = 0.0
    ended: float = 0.0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Gateway:
    """Sends events to whoever is connected. One run at a time."""

    def __init__(self, app_id: str) -> None:
        self._events = Events(app_id)
        self._number = 0
        self._sockets: list[OpenSocket] = []
        self._changed = asyncio.Event()
        self._run = Run(0, 1)
        self._refill = False
        self._frame = Frame()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def connected(self, count: int) -> None:
        """Wait until exactly so many connections are open."""
        async with asyncio.timeout(_AT_MOST):
            while len(self._sockets) != count:
                self._changed.clear()
                await self._changed.wait()

    async def outstanding(
        self, count: int, *, window: int = 1000, conversations: int = 1000
    ) -> float:
        """Send `count` events, up to `window` of them unacked; return seconds to the last ack.

        Raises:
            RuntimeError: an event was not acked 200.
        """
        run = await self._sent(count, window, conversations)
        return run.ended - run.begun

    async def one_at_a_time(self, count: int, *, conversations: int = 1000) -> list[float]:
        """Send each event when the one before is acked; return the seconds each took.

        Raises:
            RuntimeError: an event was not acked 200.
        """
        return (await self._sent(count, 1, conversations)).latencies

    async def burst(self, count: int, *, conversations: int = 1000) -> float:
        """Send all at once; return seconds to the last ack.

        Raises:
            RuntimeError: an event was not acked 200.
        """
        return await self.outstanding(count, window=count, conversations=conversations)

    async def steady(
        self, rate: int, seconds: float, *, conversations: int = 1000
    ) -> tuple[list[float], int]:
        """Send evenly; return each ack's seconds, and how many did not come as and when due."""
        run = self._run = Run(round(rate * seconds), conversations)
        self._refill = False
        run.begun = time.perf_counter()
        total = run.to_send
        while run.to_send:
            due = int((time.perf_counter() - run.begun) * rate) - (total - run.to_send)
            self._send(due)
            await asyncio.sleep(_TICK)
        try:
            await asyncio.wait_for(run.done.wait(), PATIENCE)
        except TimeoutError:
            run.failed += len(run.unacked)
        late = sum(latency > PATIENCE for latency in run.latencies)
        return run.latencies, run.failed + late

    async def _sent(self, count: int, window: int, conversations: int) -> Run:
        run = self._run = Run(count, conversations)
        self._refill = True
        run.begun = time.perf_counter()
        self._send(window)
        async with asyncio.timeout(_AT_MOST):
            await run.done.wait()
        if run.failed:
            raise RuntimeError(f"{run.failed} of {count} events were not acked 200")
        return run

    def _send(self, count: int) -> None:
        """Send up to `count` events of the run, spread over the connections."""
        run, first = self._run, self._number
        count = min(count, run.to_send)
        if count <= 0:
            return
        run.to_send -= count
        self._number += count
        numbers = range(first, first + count)
        frame, chats = self._events.frame, run.conversations
        frames = [headed(frame(number, number * _SPREAD % chats)) for number in numbers]
        now = time.perf_counter()
        run.unacked.update(dict.fromkeys(numbers, now))
        for place, socket in enumerate(self._sockets):
            socket.send(b"".join(frames[place :: len(self._sockets)]))

    def _heard(self, socket: OpenSocket, messages: Sequence[bytes]) -> None:
        run = self._run
        unacked, latencies, acked = run.unacked, run.latencies, self._events.acked
        for message in messages:
            try:
                number, code = acked(message)
                sent = unacked.pop(number)
            except (IndexError, KeyError, ValueError):
                self._heard_other(socket, message)
                continue
            latencies.append(time.perf_counter() - sent)
            run.failed += code != STORED
        if self._refill:
            self._send(len(messages))
        if not unacked and not run.to_send and not run.ended:
            run.ended = time.perf_counter()
            run.done.set()

    def _heard_other(self, socket: OpenSocket, message: bytes) -> None:
        """A ping is answered; what else is no ack of an unacked event is a failure."""
        self._frame.ParseFromString(message)
        if self._frame.method == CONTROL and self._frame.headers[0].value == "ping":
            socket.send(headed(pong(_CONFIG)))
        else:
            self._run.failed += 1

    def discovery(self) -> dict[str, Any]:
        """Return what discovery answers (facts 1.1)."""
        url = f"ws://127.0.0.1:{self.port}/ws/v2?device_id=bench&service_id=33554678&ticket=once"
        return {"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": _CONFIG}}

    def accepted(self) -> OpenSocket:
        """Return the protocol of a new connection."""
        return OpenSocket(self.discovery, self._heard, self._opened_or_ended)

    def _opened_or_ended(self, socket: OpenSocket) -> None:
        self._changed.set()
        if socket.open:
            self._sockets.append(socket)
            return
        self._sockets.remove(socket)
        run = self._run
        run.failed += len(run.unacked)
        run.unacked.clear()
        run.done.set()


@asynccontextmanager
async def listening(app_id: str) -> AsyncIterator[Gateway]:
    """Serve on a free port of loopback until the end of the block."""
    gateway = Gateway(app_id)
    loop = asyncio.get_running_loop()
    async with await loop.create_server(gateway.accepted, "127.0.0.1", 0) as server:
        gateway.port = server.sockets[0].getsockname()[1]
        yield gateway
