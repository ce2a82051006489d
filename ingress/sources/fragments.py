"""Putting together events that the platform split over several frames (facts 1.4)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shared.errors import MalformedEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.sources.frames import Frame

WAIT: Final = 10.0
"""Seconds without a new part after which an event counts as lost; the platform sends it anew."""

_WHOLE: Final = frozenset({"", "1"})
_PARTS_AT_MOST: Final = 1024
_EVENTS_AT_MOST: Final = 256


@dataclass(slots=True)
class _Partial:
    parts: dict[int, bytes] = field(default_factory=dict)
    touched: float = 0.0


class Fragments:
    """The events of one connection that are still missing parts. Bounded in count and time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._partial: dict[tuple[str, int], _Partial] = {}

    def add(self, frame: Frame) -> bytes | None:
        """Return the whole payload once its last missing part is here, in any order.

        Raises:
            MalformedEvent: `sum` and `seq` make no sense.
        """
        if frame.header("sum") in _WHOLE:
            return frame.payload
        total, seq = _number(frame, "sum", 1), _number(frame, "seq", 0)
        if total <= 1:
            return frame.payload
        if total > _PARTS_AT_MOST or seq >= total:
            raise MalformedEvent("bad_fragment", f"part {seq} of {total}")
        self._forget_stale()
        event = frame.header("message_id"), total
        partial = self._partial.setdefault(event, _Partial())
        partial.parts[seq] = frame.payload
        partial.touched = self._clock()
        if len(partial.parts) < total:
            return None
        del self._partial[event]
        return b"".join(partial.parts[number] for number in range(total))

    def _forget_stale(self) -> None:
        horizon = self._clock() - WAIT
        stale = [name for name, partial in self._partial.items() if partial.touched < horizon]
        excess = len(self._partial) - len(stale) - _EVENTS_AT_MOST + 1
        if excess > 0:
            stale += [name for name in self._partial if name not in stale][:excess]
        for name in stale:
            del self._partial[name]


def _number(frame: Frame, header: str, otherwise: int) -> int:
    text = frame.header(header)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004
        raise MalformedEvent("bad_fragment", f"{header} is not a number")
    return int(text)
