"""A Flower beside a stage, asked over its HTTP API."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cli.ports import free_port
from tests.acceptance.outages import order
from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.processes import Process
    from tests.stage import Stage

PASSWORD = "open-sesame"


class Flower:
    """Started when it is made, and again by `restart`."""

    def __init__(self, stage: Stage, **environment: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._stage = stage
        self._environment = {
            "LARKSPUR_FLOWER__PORT": str(port),
            "LARKSPUR_FLOWER__PASSWORD": PASSWORD,
            **environment,
        }
        self.process = self._started()
        # What it does not hear nobody tells it again. No worker is there yet to listen to anything.
        eventually(lambda: order(stage, "PUBSUB NUMPAT"))

    def restart(self) -> None:
        self.process.stop()
        self.process = self._started()

    def tasks(self) -> dict[str, dict[str, Any]]:
        """Return what it tells of every task, by id."""
        tasks: dict[str, dict[str, Any]] = json.loads(self.ask("/api/tasks"))
        return tasks

    def tells(self, such: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait for a task such as that, and return it."""
        return eventually(lambda: next((task for task in self.tasks().values() if such(task)), {}))

    def ask(self, path: str, body: bytes | None = None) -> str:
        """Ask with the password; an HTTP error is raised."""
        credentials = base64.b64encode(f"larkspur:{PASSWORD}".encode()).decode()
        request = Request(self.url + path, body, {"Authorization": f"Basic {credentials}"})
        with urlopen(request, timeout=PATIENCE) as response:
            told: str = response.read().decode()
        return told

    def status(self, path: str) -> int:
        """Ask without the password; return the HTTP status, 0 if nobody answers."""
        try:
            with urlopen(self.url + path, timeout=PATIENCE) as response:
                return int(response.status)
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def _started(self) -> Process:
        process = self._stage.start("flower", "-m", "cli", "flower", **self._environment)
        eventually(lambda: self.status("/api/tasks"))
        return process
