"""Sliding windows: at most so many in any stretch of so many seconds, for each key."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.gateway.clock import Clock

MOST_KEYS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float


class Windows:
    """One rate, kept for each key by itself.

    Memory is bounded twice: a key holds at most `most` times, and of the keys only the
    `MOST_KEYS` last used are remembered.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self.rate = rate
        self._clock = clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return how many seconds it is until one more fits; 0.0 if it does now."""
        taken = self._current(key)
        if taken is None or len(taken) < self.rate.most:
            return 0.0
        return taken[0] + self.rate.seconds - self._clock.time()

    def take(self, key: str) -> None:
        """Count one, now."""
        taken = self._taken.setdefault(key, deque(maxlen=self.rate.most))
        taken.append(self._clock.time())
        self._taken.move_to_end(key)
        if len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)

    def used(self, key: str) -> int:
        """Return how many were counted within the last `seconds`."""
        return len(self._current(key) or ())

    def in_use(self) -> Iterator[tuple[str, int]]:
        """Yield each key that has anything counted, and how much, least recently used first."""
        for key in tuple(self._taken):
            used = self.used(key)
            if used:
                yield key, used

    def _current(self, key: str) -> deque[float] | None:
        taken = self._taken.get(key)
        if taken is None:
            return None
        begins = self._clock.time() - self.rate.seconds
        while taken and taken[0] <= begins:
            taken.popleft()
        if not taken:
            del self._taken[key]
        return taken
