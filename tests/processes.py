"""Real processes under test: started, watched, killed, and always cleaned up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Process:
    """A command running in a session of its own, its output in a file."""

    def __init__(
        self, name: str, arguments: Sequence[str], env: Mapping[str, str], log: Path
    ) -> None:
        self.name = name
        self._log = log
        self._offset = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                env={**os.environ, **env},
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=log.parent,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        """Return everything this process said so far."""
        with self._log.open("rb") as said:
            said.seek(self._offset)
            return said.read().decode(errors="replace")

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the lines of its log that tell of `name`, oldest first."""
        lines = [line for line in self.log().splitlines() if line.startswith("{")]
        return [told for line in lines if (told := json.loads(line))["event"] == name]

    def says(self, text: str) -> None:
        """Wait until its output holds `text`; fail with the output if it ends without."""

        def said() -> bool:
            if text in self.log():
                return True
            assert self._process.poll() is None, f"{self.name} ended:\n{self.log()}"
            return False

        eventually(said)

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would, with all its children."""
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def ended(self) -> int:
        """Wait for its exit code."""
        return self._process.wait(PATIENCE)

    def stop(self) -> None:
        """End it kindly, then not."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
