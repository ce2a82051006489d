"""A worker under measurement: a process as `larkspur worker` runs it, its log in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.plan import SIMULATED_APP
from shared.settings import known_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_OURS: Final = ("-m", "cli", "worker")
_MODEL: Final = {"OPENAI_API_KEY": "not-a-secret"}
_ROOT: Final = Path(__file__).parents[1]
_READY_WITHIN: Final = 60.0
_ENDS_WITHIN: Final = 30.0
_LOOK_EVERY: Final = 0.05
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Worker:
    """A started worker."""

    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident(self) -> float:
        """Return its memory in MB; of a pool of processes, all of theirs."""
        pid = str(self.process.pid)
        asked = ["ps", "-o", "rss=", "--pid", pid, "--ppid", pid]
        told = subprocess.run(asked, check=True, capture_output=True).stdout.split()
        return sum(map(int, told)) / 1024

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def freeze(self) -> None:
        """Have it do nothing until `thaw`."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def says(self, word: str, *, within: float = _READY_WITHIN) -> None:
        """Wait until a word is in its log.

        Raises:
            RuntimeError: it never was.
        """
        deadline = time.monotonic() + within
        while word.encode() not in self.log.read_bytes():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"no {word!r} in:\n{self.log.read_text()[-2000:]}")
            await asyncio.sleep(_LOOK_EVERY)


@asynccontextmanager
async def working(
    folder: Path, *command: str, says: str = "ready", **environment: str
) -> AsyncIterator[Worker]:
    """Run a process until the end of the block, from when it `says` that it is ready.

    By default that is a worker of ours, as `larkspur worker` runs it.
    """
    process = await asyncio.to_thread(_started, folder, command or _OURS, environment)
    worker = Worker(process, folder / "log")
    try:
        await worker.says(says)
        yield worker
    finally:
        await asyncio.to_thread(_ended, worker.process)


def _started(
    folder: Path, command: tuple[str, ...], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True)
    inherited = {name: value for name, value in os.environ.items() if name not in known_names()}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**inherited, **SIMULATED_APP, **_MODEL, "PYTHONPATH": str(_ROOT), **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
