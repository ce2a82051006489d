from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

APP_ID, APP_SECRET = "cli_a1b2c3d4e5f60718", "simulated-secret"
FAST = ("--ack-deadline=1", "--time-scale=50", "--reconnect-nonce=0", "--first-token-delay=0")
"""Deadlines and the ladder are short, and clients reconnect at once."""
SDK_SOCKET = Path(__file__).with_name("sdk_socket.py")


def clean() -> dict[str, str]:
    """Return the environment without the developer's own settings of the simulator."""
    return {name: value for name, value in os.environ.items() if "SIMULATOR_" not in name}


class Lines:
    """A started program, and the lines it prints as they come."""

    def __init__(self, *arguments: str, program: str = sys.executable) -> None:
        self.process = subprocess.Popen(
            [program, *arguments], stdout=subprocess.PIPE, text=True, env=clean()
        )
        self._printed: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def next(self) -> list[str]:
        """Wait for the next line; return its words."""
        return self._printed.get(timeout=PATIENCE).split()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as printed:
            for line in printed:
                if not line.startswith("[Lark]"):  # where the SDK writes its log
                    self._printed.put(line)


class Simulator:
    """`python -m simulator`, and its control API."""

    def __init__(self, url: str, app_id: str = APP_ID) -> None:
        self.url = url
        self.app_id = app_id

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as response:
            return json.load(response)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        asked = urllib.request.Request(self.url + path, json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(asked, timeout=PATIENCE) as response:
            return json.load(response)

    def say(self, text: str) -> Any:
        return self.post("/_sim/messages", {"user": "alice", "text": text})

    def send_card(self, card: dict[str, Any]) -> str:
        """Send a card to alice as the bot, without any client, and return the message's id."""
        asked = {"app_id": self.app_id, "app_secret": APP_SECRET}
        token = self.post("/open-apis/auth/v3/tenant_access_token/internal", asked)
        body = {
            "receive_id": "alice@example.com",
            "msg_type": "interactive",
            "content": json.dumps(card),
        }
        sending = urllib.request.Request(
            f"{self.url}/open-apis/im/v1/messages?receive_id_type=email",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {token['tenant_access_token']}"},
        )
        with urllib.request.urlopen(sending, timeout=PATIENCE) as sent:
            message_id: str = json.load(sent)["data"]["message_id"]
        return message_id

    def connections(self) -> int:
        connections: int = self.get("/_sim/health")["connections"]
        return connections

    def await_connection(self) -> None:
        """Wait until a client is connected; the SDK takes seconds only to be imported."""
        self._eventually(lambda: self.connections() == 1)

    def await_acks(self, event_id: str, codes: list[int | None]) -> None:
        """Wait until the deliveries of an event have been acked with exactly these codes."""
        path = f"/_sim/deliveries?event_id={event_id}"
        self._eventually(lambda: [each["ack_code"] for each in self.get(path)] == codes)

    def _eventually(self, fact: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not fact():
            assert time.monotonic() < deadline, self.get("/_sim/deliveries")
            time.sleep(0.02)


@contextmanager
def started(*arguments: str) -> Iterator[Lines]:
    program = Lines(*arguments)
    try:
        yield program
    finally:
        program.stop()


@pytest.fixture(scope="module")
def simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A platform for one module, which may name its `OPTIONS` and an `APP_ID` of its own.

    The SDK keeps tokens for the whole process, by app, and never lets go of one: so a module that
    uses its API client has an app that no other module has.
    """
    app_id = getattr(request.module, "APP_ID", APP_ID)
    options = getattr(request.module, "OPTIONS", FAST)
    with started("-m", "simulator", "--port=0", f"--app-id={app_id}", *options) as program:
        yield Simulator(program.next()[-1], app_id)


@pytest.fixture(scope="module")
def lark() -> ModuleType:
    """The SDK, imported only now: it takes seconds, which collecting need not wait for."""
    return importlib.import_module("lark_oapi")


@pytest.fixture(scope="module")
def client(lark: ModuleType, simulator: Simulator) -> Any:
    """The official API client."""
    builder = lark.Client.builder().app_id(simulator.app_id).app_secret(APP_SECRET)
    return builder.domain(simulator.url).build()


@pytest.fixture(scope="module")
def sdk_socket(simulator: Simulator) -> Iterator[Lines]:
    """The official WebSocket client, connected."""
    with started(str(SDK_SOCKET), simulator.url, APP_ID, APP_SECRET) as program:
        simulator.await_connection()
        yield program


@pytest.fixture
def rejected_socket(simulator: Simulator) -> Iterator[Lines]:
    """The official WebSocket client, with a wrong secret."""
    with started(str(SDK_SOCKET), simulator.url, APP_ID, "wrong") as program:
        yield program
