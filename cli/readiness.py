"""Telling when everything that `larkspur up` runs is ready."""

from __future__ import annotations

import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from cli.plan import Plan

_COMPLAIN_EVERY: Final = 20.0
_LOOK_EVERY: Final = 0.2


class Readiness:
    """Asks every process in turn until each has said yes once."""

    def __init__(self, plan: Plan, ended: threading.Event) -> None:
        self._plan = plan
        self._ended = ended
        self._waiting: dict[str, Callable[[], bool]] = {
            "ingress": lambda: _answers(f"{plan.ingress}/readyz"),
            "worker": _worker_answers,
        }
        if plan.flower:
            self._waiting["flower"] = lambda: _answers(f"{plan.flower}/healthcheck")
        if plan.simulator:
            self._waiting["simulator"] = lambda: _answers(f"{plan.simulator}/_sim/health")

    def announce(self) -> None:
        """Print the table of addresses when all are ready; until then, now and then, who is not."""
        complain_at = time.monotonic() + _COMPLAIN_EVERY
        while not self._ended.wait(_LOOK_EVERY):
            self._waiting = {name: asks for name, asks in self._waiting.items() if not asks()}
            if not self._waiting:
                print(self._table(), flush=True)
                return
            if time.monotonic() > complain_at:
                complain_at += _COMPLAIN_EVERY
                print(f"larkspur: still waiting for {', '.join(self._waiting)}", flush=True)

    def _table(self) -> str:
        rows = [f"  {name:<10} {address}" for name, address in self._plan.pages.items()]
        hint = '\n  Say something: .venv/bin/larkspur say "hello"' if self._plan.simulator else ""
        return "\n".join(["", "Larkspur is ready. Ctrl-C stops it all.", "", *rows, hint, ""])


def _worker_answers() -> bool:
    from workers.app import alive  # noqa: PLC0415 - takes two seconds

    try:
        return bool(alive(timeout=1.0))
    except OSError:
        return False


def _answers(url: str) -> bool:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=2.0)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
