"""Deliveries that wait to be stored: in the order they came, and each until its time is up."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.sources.source import Delivery
    from shared.model.mail import Incoming
    from shared.store.line import Words

ANSWER_WITHIN: Final = 2.5
"""Seconds from the frame to the ack, at most; the platform waits 3 (facts 2.1)."""

TOGETHER: Final = 0.25
"""Who came so many seconds after the oldest, or less, is refused with it: what came in order is
then brought again in order."""

_now = time.monotonic
"""Not the time of day: that may jump by an hour while somebody waits."""


@dataclass(slots=True, eq=False)
class Taken:
    """A delivery on its way into its mailbox; `late` once its time is up."""

    delivery: Delivery
    incoming: Incoming
    letter: Words
    until: float = field(default_factory=lambda: _now() + ANSWER_WITHIN)
    late: bool = False

    @property
    def age(self) -> float:
        return _now() - self.until + ANSWER_WITHIN


class Waiting:
    """A line whose head, a batch, is being stored.

    Whatever becomes of the batch, `time_is_up` is called in time with everybody whose time it is.
    So a Redis that hangs, or a line too long for it, keeps no delivery from its answer. One alarm
    does for all: the oldest's.
    """

    def __init__(self, time_is_up: Callable[[list[Taken]], None]) -> None:
        self._time_is_up = time_is_up
        self._line: list[Taken] = []
        self._batch: list[Taken] = []
        self._arrived = asyncio.Event()
        self._alarm: asyncio.TimerHandle | None = None

    def __bool__(self) -> bool:
        """Tell whether anybody waits for a batch."""
        return bool(self._line)

    def add(self, taken: Taken) -> None:
        self._line.append(taken)
        self._arrived.set()
        if self._alarm is None:
            self._set_alarm(ANSWER_WITHIN)

    async def batch(self, at_most: int) -> list[Taken]:
        """Return the head of the line, once there is one; the batch before is done with."""
        self._batch = []
        while not self._line:
            self._arrived.clear()
            await self._arrived.wait()
        self._batch, self._line = self._line[:at_most], self._line[at_most:]
        return self._batch

    def put_back(self) -> None:
        """Have those of the batch who are still in time be the head of the line again."""
        self._line = [taken for taken in self._batch if not taken.late] + self._line
        self._batch = []

    def _ring(self) -> None:
        horizon = _now() + TOGETHER
        late = [taken for taken in self._batch if taken.until <= horizon and not taken.late]
        passed = bisect_right(self._line, horizon, key=lambda taken: taken.until)
        late += self._line[:passed]
        del self._line[:passed]
        for taken in late:
            taken.late = True
        self._alarm = None
        oldest = next((one for one in chain(self._batch, self._line) if not one.late), None)
        if oldest is not None:
            self._set_alarm(oldest.until - _now())
        self._time_is_up(late)

    def _set_alarm(self, seconds: float) -> None:
        self._alarm = asyncio.get_running_loop().call_later(seconds, self._ring)
