"""Runs one program, and leaves nothing of it behind whatever becomes of the worker.

A script by itself, started for every run. A line of JSON on its standard input says what to run;
from then on the input is a leash. When the worker lets go of it, or dies, the program ends with all
that it has started: on Linux even what hides in a session of its own, as the shells of Claude Code
do, since orphans become children of this process. What the program prints goes straight to the
worker; how it ended is told as JSON on the standard error.
"""

# Importing pathlib would add a third to the time that this takes to start.
# ruff: noqa: PTH108, PTH110, PTH123, PTH208

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL."""

GIVE_UP = 5.0
"""Seconds of SIGKILL, after which what is left is beyond us: another user's, or in the kernel."""

TAIL = 4096  # bytes of the program's complaints that are kept
PARENT_DEATH, SUBREAPER = 1, 36  # of prctl(2)
HAS_CHILDREN_LISTED = os.path.exists(f"/proc/self/task/{os.getpid()}/children")
LOOK_EVERY = 0.25 if HAS_CHILDREN_LISTED else 2.0


class Kept:
    """The program and its offspring."""

    def __init__(self, order: dict[str, Any]) -> None:
        """Start it.

        Raises:
            OSError, ValueError: it cannot be.
        """
        self.code: int | None = None
        self.is_let_go = False
        self.complaints = b""
        self.complained = 0
        self._most = order["processes"]
        self._groups: set[int] = set()
        self._wake = woken_by_signals(self._let_go)
        self._stderr, stderr = os.pipe()
        self._heard = [0, self._wake, self._stderr]
        self._program = subprocess.Popen(  # noqa: S603 - what the settings say
            order["run"],
            stdin=laid_down(order["prompt"], order["folder"]),
            stderr=stderr,
            cwd=order["folder"],
            env={**os.environ, **order["environment"]},
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - there is one thread here
        )
        os.close(stderr)

    def watch(self) -> str:
        """Wait until the program ends; return what else ends the wait."""
        look = 0.0
        while not self._is_dead():
            if self.is_let_go:
                return "let go"
            if time.monotonic() >= look:
                if len(self._offspring()) > self._most:
                    return "processes"
                look = time.monotonic() + LOOK_EVERY
            self._wait(LOOK_EVERY)
        return ""

    def end(self) -> None:
        """End what is left of it, kindly at first."""
        begun = time.monotonic()
        if self._is_left():
            self._send(signal.SIGTERM)
        while self._is_left() and time.monotonic() < begun + GRACE:
            self._wait(0.05)
        while self._is_left() and time.monotonic() < begun + GRACE + GIVE_UP:
            self._send(signal.SIGKILL)
            self._wait(0.01)
        self._wait(0)  # for its last words

    def _wait(self, seconds: float) -> None:
        """Let something happen; the end of what the program complains of is kept."""
        ready, _, _ = select.select(self._heard, [], [], seconds)
        for fd in ready:
            said = heard(fd)
            if said == b"":
                self._heard.remove(fd)
            if fd == 0 and said == b"":
                self._let_go()
            if fd == self._stderr and said:
                self.complained += len(said)
                self.complaints = (self.complaints + said)[-TAIL:]

    def _let_go(self, *_: object) -> None:
        self.is_let_go = True

    def _is_dead(self) -> bool:
        """Bury the dead; tell whether the program is among them."""
        with suppress(ChildProcessError):
            while (dead := os.waitpid(-1, os.WNOHANG))[0]:
                if dead[0] == self._program.pid:
                    self.code = os.waitstatus_to_exitcode(dead[1])
        return self.code is not None

    def _is_left(self) -> bool:
        return not self._is_dead() or bool(self._offspring())

    def _send(self, number: int) -> None:
        for pid in self._offspring():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)

    def _offspring(self) -> list[int]:
        if not HAS_CHILDREN_LISTED:
            return self._kin()
        found = children(os.getpid())
        for pid in found:  # it grows
            found += children(pid)
        return found

    def _kin(self) -> list[int]:
        """Find them where orphans do not become ours: by their groups and their parents."""
        ps = ("ps", "-axo", "pid=,ppid=,pgid=")
        listed = subprocess.run(ps, capture_output=True, check=False)  # noqa: S603
        rows = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
        rows = [row for row in rows if row[2] != os.getpgrp()]  # neither us nor `ps`
        self._groups.add(self._program.pid)
        kin: set[int] = set()
        while (
            found := {pid for pid, parent, group in rows if parent in kin or group in self._groups}
            - kin
        ):
            kin |= found
            self._groups |= {group for pid, _, group in rows if pid in kin}
        return [*kin]


def children(pid: int) -> list[int]:
    """Return the children of a process, if it still lives."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{thread}/children") as listed:
                found += map(int, listed.read().split())
    return found


def laid_down(prompt: str, folder: str) -> int:
    """Return a file that holds the prompt: whoever does not read it blocks nobody."""
    name = f"{folder}/.prompt-{os.getpid()}"
    fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink(name)
    left = memoryview(prompt.encode())
    while left:
        left = left[os.write(fd, left) :]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def woken_by_signals(stop: Any) -> int:
    """Return what can be read when a child ended, or somebody wants us to."""
    wake, woken = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    return wake


def heard(fd: int) -> bytes | None:
    """Read what there is; empty is the end, None is nothing yet."""
    try:
        return os.read(fd, 65536)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def ordered() -> bytes:
    """Return the line that says what to run; empty if the worker lets go before it is there."""
    line = b""
    while not line.endswith(b"\n"):
        select.select([0], [], [])
        more = heard(0)
        if more == b"":
            return b""
        line += more or b""
    return line


def prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent() -> None:
    prctl(PARENT_DEATH, signal.SIGKILL)


def main() -> None:
    line = ordered()
    if not line:
        return
    prctl(SUBREAPER, 1)
    try:
        kept = Kept(json.loads(line))
    except (OSError, ValueError) as error:
        told = {"why": "not started", "errno": getattr(error, "errno", None) or 0}
    else:
        why = kept.watch()
        kept.end()
        complaints = kept.complaints.decode(errors="replace")
        told = {"why": why, "code": kept.code, "complaints": complaints}
        told["complained"] = kept.complained
    with suppress(OSError):
        os.write(2, json.dumps(told).encode())


if __name__ == "__main__":
    main()
