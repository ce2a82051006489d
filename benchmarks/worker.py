"""A worker under measurement: a process as `larkspur worker` runs it, its log in a file."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.process import cpu_of, ended, resident_of, started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator
    from pathlib import Path

_OURS: Final = ("-m", "cli", "worker")
_MODEL: Final = {"OPENAI_API_KEY": "not-a-secret"}
_READY_WITHIN: Final = 60.0
_LOOK_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True)
class Worker:
    """A started worker."""

    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used."""
        return cpu_of(self.process.pid)

    def resident(self) -> float:
        """Return its memory in MB; of a pool of processes, all of theirs."""
        return resident_of(self.process.pid)

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
    process = await asyncio.to_thread(
        started, folder, *(command or _OURS), **{**_MODEL, **environment}
    )
    worker = Worker(process, folder / "log")
    try:
        await worker.says(says)
        yield worker
    finally:
        await asyncio.to_thread(ended, worker.process)
