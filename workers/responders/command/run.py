"""One run of a program: started, read, and ended with all that it started, whatever happens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from errno import E2BIG, EINVAL
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from shared.errors import LarkspurError, ModelRefused, ModelUnavailable

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

EX_TEMPFAIL: Final = 75
"""Exit code of a program that wants to be asked again later, as in sysexits.h."""

_KEEPER: Final = (sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")))
_ENDS_WITHIN: Final = 9.0
"""Seconds that the keeper may take to end everything: its grace, its patience, and some more."""

_LAST_WORDS: Final = 1.0
"""Seconds in which what was printed must have come, once the keeper knows of nobody who could."""

_BUFFER: Final = 512 * 1024
_FROM_OUTSIDE: Final = frozenset({signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGINT})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run, where, told what, and how many processes it may become.

    `base` is the environment of all runs, `environment` what is added for this one.
    """

    run: tuple[str, ...]
    prompt: str
    folder: str
    processes: int
    base: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `code` is that of the program, the negative of a signal's number.

    `why` says what ended it sooner, and of `complaints`, which may quote a prompt, the end is kept;
    `complained` is how many bytes there were.
    """

    why: str = ""
    code: int | None = None
    errno: int = 0
    complaints: str = ""
    complained: int = 0

    @property
    def fault(self) -> LarkspurError | None:
        """What went wrong with the run itself."""
        if self.why == "not started":
            refused = ModelRefused if self.errno == E2BIG else ModelUnavailable
            return refused(f"the program could not be started: {os.strerror(self.errno or EINVAL)}")
        if self.why == "processes":
            return ModelRefused("the program started too many processes")
        if self.code == EX_TEMPFAIL:
            return ModelUnavailable("the program asks to be tried again later")
        if self.code is None or -self.code in _FROM_OUTSIDE:
            return ModelUnavailable("the program was killed")
        if self.code < 0:
            return ModelRefused(f"the program died of signal {-self.code}")
        return ModelRefused(f"the program ended with {self.code}") if self.code else None


class Run:
    """A program that runs."""

    def __init__(self, process: Process, printed: asyncio.StreamReader) -> None:
        self._process = process
        self._printed = printed

    async def pieces(self, *, most: int) -> AsyncGenerator[bytes, None]:
        """Yield what it prints, as it comes.

        Raises:
            ModelRefused: it is more than `most` bytes.
        """
        while piece := await self._printed.read(_BUFFER):
            most -= len(piece)
            if most < 0:
                raise ModelRefused("the program printed too much")
            yield piece

    async def ending(self) -> Ending:
        """Wait until all is over."""
        told = await self._process.stderr.read() if self._process.stderr else b""
        try:
            return Ending(**orjson.loads(told))
        except (ValueError, TypeError):  # somebody killed the keeper
            return Ending("lost")


@asynccontextmanager
async def running(order: Order) -> AsyncIterator[Run]:
    """Run a program; at the end of the block nothing of it is left.

    Raises:
        ModelUnavailable: nothing can be run here now.
    """
    try:
        read, write = os.pipe()  # not a socket, as a loop would make: programs cannot reopen those
    except OSError as error:
        raise _unable(error) from error
    printed, transport = await _connected(read, write)
    try:
        process = await _started(order, write)
        over = asyncio.create_task(process.wait(), name="run")
        over.add_done_callback(lambda _: _close_soon(transport))
        try:
            yield Run(process, printed)
        finally:
            _let_go(process)
            await asyncio.wait([over], timeout=_ENDS_WITHIN)
    finally:
        transport.close()


async def _connected(read: int, write: int) -> tuple[asyncio.StreamReader, asyncio.ReadTransport]:
    """Return what reads the pipe; a loop that is left half-way would lose count of its ends."""
    reader = asyncio.StreamReader(limit=_BUFFER)
    pipe = os.fdopen(read, "rb", buffering=0)
    loop = asyncio.get_running_loop()
    connecting = asyncio.ensure_future(
        loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    )
    try:
        transport, _ = await asyncio.shield(connecting)
    except asyncio.CancelledError:
        (await connecting)[0].close()
        os.close(write)
        raise
    return reader, transport


async def _started(order: Order, write: int) -> Process:
    """Start a keeper; one whose order does not come, since we are cancelled, ends by itself."""
    try:
        process = await asyncio.create_subprocess_exec(
            *_KEEPER, stdin=PIPE, stdout=write, stderr=PIPE, env=order.base, start_new_session=True
        )
    except OSError as error:
        raise _unable(error) from error
    finally:
        os.close(write)
    told = {
        "run": order.run,
        "prompt": order.prompt,
        "folder": order.folder,
        "processes": order.processes,
        "environment": order.environment,
    }
    if process.stdin is not None:
        process.stdin.write(orjson.dumps(told) + b"\n")
    return process


def _let_go(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()


def _close_soon(transport: asyncio.ReadTransport) -> None:
    """Wait no longer for an end of the output, which somebody may hold open for ever."""
    asyncio.get_running_loop().call_later(_LAST_WORDS, transport.close)


def _unable(error: OSError) -> ModelUnavailable:
    return ModelUnavailable(f"no program can be started: {error.strerror}")
