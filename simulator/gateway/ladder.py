"""When a failed delivery is tried again (facts 2.1)."""

from __future__ import annotations

from dataclasses import dataclass

WAITS = (15.0, 5 * 60.0, 60 * 60.0, 6 * 60 * 60.0)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Four redeliveries, 7.1 hours in all, sped up `time_scale` times."""

    time_scale: float = 1.0

    def wait_after(self, attempt: int) -> float | None:
        """Return the seconds from the failure of `attempt` (1 is the first) to the next.

        None: that was the last one, the event is lost to the app.
        """
        if attempt > len(WAITS):
            return None
        return WAITS[attempt - 1] / self.time_scale
