"""Celery's transport reaches the same Redis as the store does, however it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kombu import Connection
from redis import Redis

from shared.store import broker, redis_url
from tests.sentinel import PASSWORD, watched
from tests.servers import Server, running

if TYPE_CHECKING:
    from pathlib import Path


def test_wake_reaches_the_master_that_sentinels_name(tmp_path: Path) -> None:
    with watched(tmp_path) as group:
        _put(group.url.replace("?", "/3?"))

        with Redis(port=group.master.port, db=3, password=PASSWORD) as master:
            assert master.llen("larkspur:turns") == 1


def test_wake_reaches_a_server_on_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "redis 1.sock"
    one = Server(tmp_path, "--unixsocket", str(path), "--requirepass", "p@ss", password="p@ss")
    with running(one):
        _put(f"unix://:p%40ss@{tmp_path}/redis%201.sock?db=3")

        with Redis(unix_socket_path=str(path), db=3, password="p@ss") as reached:
            assert reached.llen("larkspur:turns") == 1


def test_wake_reaches_a_server_with_a_user_and_a_database(tmp_path: Path) -> None:
    one = Server(tmp_path, "--user", "me", "on", ">p@ss", "~*", "&*", "+@all")
    with running(one):
        _put(f"redis://me:p%40ss@127.0.0.1:{one.port}/3")

        with Redis(port=one.port, db=3) as reached:
            assert reached.llen("larkspur:turns") == 1


def _put(url: str) -> None:
    address = redis_url.read(url)
    options = {"global_keyprefix": "larkspur:", **broker.options(address)}
    with (
        Connection(
            broker.url(address), ssl=broker.tls(address), transport_options=options
        ) as connection,
        connection.SimpleQueue("turns") as queue,
    ):
        queue.put("wake")
