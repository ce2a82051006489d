"""A master, its replica and a Sentinel that watches them, as processes that can be killed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.ports import free_port
from tests.eventually import eventually
from tests.servers import Server, caught_up, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MASTER = "larkspur-test"
PASSWORD = "a/password that:must@not#leak?"
SENTINEL_PASSWORD = "nor;must,this%one"
WRITTEN = {
    PASSWORD: "a%2Fpassword%20that%3Amust%40not%23leak%3F",
    SENTINEL_PASSWORD: "nor%3Bmust%2Cthis%25one",
}


class Watched:
    """One Redis that survives its master."""

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
        """Two Sentinels, the first of which is never there."""
        return self._written(f"127.0.0.1:{self._deaf},127.0.0.1:{self.sentinel.port}")

    @property
    def short_url(self) -> str:
        """Only the one that is there."""
        return self._written(f"127.0.0.1:{self.sentinel.port}")

    def watch(self) -> None:
        """Start the Sentinel, and wait until it could fail over."""
        self._conf.write_text(
            f"sentinel monitor {MASTER} 127.0.0.1 {self.servers[0].port} 1\n"
            f'sentinel auth-pass {MASTER} "{PASSWORD}"\n'
            f"sentinel down-after-milliseconds {MASTER} 3000\n"
            f"sentinel failover-timeout {MASTER} 5000\n"
            f'requirepass "{SENTINEL_PASSWORD}"\n'
        )
        self.sentinel.start()
        self.protected()

    def protected(self) -> None:
        """Wait until the Sentinel knows a replica that holds all the master was told."""
        eventually(self._replica_is_known)
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
        eventually(lambda: self.master is not old)

    def _written(self, sentinels: str) -> str:
        login, asked = WRITTEN[PASSWORD], WRITTEN[SENTINEL_PASSWORD]
        return f"sentinel://:{login}@{sentinels}/{MASTER}?sentinel_password={asked}"

    def _replica_is_known(self) -> bool:
        known = self.sentinel.ask("SENTINEL", "REPLICAS", MASTER)
        return [one[b"flags"] for one in known] == [b"slave"]


@contextmanager
def watched(folder: Path) -> Iterator[Watched]:
    """Start a group that is gone at the end."""
    group = Watched(folder)
    try:
        with running(*group.servers):
            group.watch()
            yield group
    finally:
        group.sentinel.kill()
