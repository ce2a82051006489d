"""What `larkspur up` shows of its processes, and which of them stopped first, and why."""

from __future__ import annotations

import re
import signal
from typing import Any, Final

from honcho.printer import Printer

from shared.errors import EX_CONFIG

_STOPPED: Final = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")
_TOLD: Final = re.compile(r"SIG(INT|TERM) received")


class Announcer(Printer):
    """Prints every line of every process, and remembers what ended the run.

    `first_to_stop` is a sentence, or empty when somebody asked for the end.
    """

    first_to_stop = ""
    _ending = False

    def write(self, message: Any) -> None:
        if message.name == "system" and isinstance(message.data, str):
            self._note(message.data)
        super().write(message)

    def stopped(self, name: str, code: int, *, words: str = "its last lines are above") -> None:
        """Note that a process ended; the first one is the cause of all that follow."""
        if not self._ending:
            self._ending = True
            self.first_to_stop = f"{name} stopped ({_reason(code)}), so everything was; {words}"

    def _note(self, line: str) -> None:
        if _TOLD.search(line):
            self._ending = True
        elif found := _STOPPED.search(line):
            self.stopped(found[1], int(found[2]))


def _reason(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return "a setting is wrong" if code == EX_CONFIG else f"exit code {code}"
