"""Events that come in order: one at a time of each line, the others wait (facts 2.2)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.events.event import Event

MOST_WAITING = 10_000
"""Events that may wait in all lines together."""


class LineFullError(Exception):
    """Too many ordered events wait behind ones that are not accepted."""


class Lines:
    """An event that enters an empty line goes at once; a later one when those before are done."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Event]] = {}
        self._waiting = 0

    def enter(self, line: str, event: Event) -> bool:
        """Tell whether the event may go at once; if not, `leave` returns it in its turn.

        Raises:
            LineFullError: too many wait already.
        """
        waiting = self._lines.get(line)
        if waiting is None:
            self._lines[line] = deque()
            return True
        if self._waiting >= MOST_WAITING:
            raise LineFullError
        waiting.append(event)
        self._waiting += 1
        return False

    def leave(self, line: str) -> Event | None:
        """Note that the first of a line is accepted or given up, and return the next."""
        waiting = self._lines.get(line)
        if not waiting:
            self._lines.pop(line, None)
            return None
        self._waiting -= 1
        return waiting.popleft()
