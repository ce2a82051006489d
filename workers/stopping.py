"""Being told to stop: kindly first, then at once, and in the end by force.

Celery's own ways to stop at once (SIGQUIT, a second Ctrl-C) call for what threads cannot do, and
then wait for every turn after all.
"""

from __future__ import annotations

import faulthandler
import signal
import time
from typing import TYPE_CHECKING, Final

from shared.settings import LEAVING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.loop import Loop
    from workers.worker import Worker

_KINDLY: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopping:
    """SIGTERM, SIGINT and SIGHUP grant the turns their grace; a second one, or SIGQUIT, none.

    `leave` has Celery take no more wakes, soon. A signal may come in the midst of anything, so
    whatever takes a lock is done on the loop.
    """

    def __init__(self, loop: Loop, worker: Worker, leave: Callable[[], None]) -> None:
        self._loop = loop
        self._worker = worker
        self._leave = leave
        self._told = False
        self._ends = float("inf")

    def listen(self) -> None:
        """Have the signals come here, and SIGUSR1 show where every thread is."""
        for number in _KINDLY:
            signal.signal(number, lambda *_: self.hurry() if self._told else self.begin())
        signal.signal(signal.SIGQUIT, lambda *_: self.hurry())
        faulthandler.register(signal.SIGUSR1, all_threads=True)  # Celery's shows values too

    def begin(self) -> None:
        """Let turns finish within their grace, unless it has begun."""
        if not self._told:
            self._told = True
            self._end_within(self._worker.grace + LEAVING)
            self._loop.call(self._worker.stop)
            self._loop.call(self._leave)

    def hurry(self) -> None:
        """Hand over every turn now."""
        self._told = True
        self._end_within(LEAVING)
        self._loop.call(self._worker.hand_over)
        self._loop.call(self._leave)

    def _end_within(self, seconds: float) -> None:
        """Have the process show where it hangs, and end with 1, if it still lives then.

        This needs neither Celery nor the loop, nor a thread that can run Python.
        """
        self._ends = min(self._ends, time.monotonic() + seconds)
        left = max(self._ends - time.monotonic(), 0.001)
        faulthandler.dump_traceback_later(left, exit=True)
