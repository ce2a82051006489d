"""Which Redis will do, and what is said of those that will not."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from shared.errors import ConfigurationError, StoreUnavailable
from shared.store import server
from shared.store.connection import connected
from tests.sentinel import MASTER, Watched, watched
from tests.servers import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redis.asyncio import Redis


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watched(tmp_path_factory.mktemp("watched")) as group:
        yield group


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    bus = ("--cluster-port", str(free_port()))
    one = Server(tmp_path_factory.mktemp("cluster"), "--cluster-enabled", "yes", *bus)
    with running(one):
        yield one


@pytest.fixture
def on_a_socket(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "redis.sock"
    options = ("--unixsocket", str(path), "--requirepass", "hush")
    with running(Server(tmp_path, *options, password="hush")):
        yield f"unix://:hush@{path}?db=1"


async def test_one_server_will_do(clean: str) -> None:
    await _require_supported(clean)


async def test_master_that_sentinels_name_will_do(group: Watched) -> None:
    await _require_supported(group.url)


async def test_server_on_a_socket_will_do(on_a_socket: str) -> None:
    await _require_supported(on_a_socket)


async def test_cluster_is_refused_with_what_to_use_instead(cluster: Server) -> None:
    with pytest.raises(ConfigurationError, match=r"REDIS_URL: .*Cluster.*sentinel://"):
        await _require_supported(f"redis://127.0.0.1:{cluster.port}/0")


async def test_sentinel_taken_for_a_redis_is_refused(group: Watched) -> None:
    with pytest.raises(ConfigurationError, match="this is a Sentinel"):
        await _require_supported(
            f"redis://:nor%3Bmust%2Cthis%25one@127.0.0.1:{group.sentinel.port}"
        )


async def test_redis_taken_for_a_sentinel_is_refused(clean: str) -> None:
    url = clean.replace("redis://", "sentinel://").replace("/0", f"/{MASTER}")

    with pytest.raises(ConfigurationError, match=r"REDIS_URL: Sentinel .*: unknown command"):
        await _require_supported(url)


async def test_master_that_no_sentinel_knows_is_refused(group: Watched) -> None:
    with pytest.raises(ConfigurationError, match=r"REDIS_URL: .* on other: No such master"):
        await _require_supported(group.short_url.replace(f"/{MASTER}?", "/other?"))


async def test_master_that_one_of_two_sentinels_does_not_know_may_come(group: Watched) -> None:
    with pytest.raises(StoreUnavailable, match="No such master"):
        await _require_supported(group.url.replace(f"/{MASTER}?", "/other?"))


@pytest.mark.parametrize("part", ["a%2Fpassword", "nor%3Bmust"])
async def test_wrong_password_is_refused_and_not_shown(group: Watched, part: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL") as caught:
        await _require_supported(group.short_url.replace(part, "hush"))

    assert "hush" not in str(caught.value)


async def test_database_that_is_none_is_refused(clean: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL: DB index is out of range"):
        await _require_supported(clean.replace("/0", "/99"))


async def test_user_who_may_not_ask_is_refused(clean: str, redis: Redis) -> None:
    await redis.acl_setuser("small", enabled=True, passwords=["+pw"], commands=["+client"])

    with pytest.raises(ConfigurationError, match=r"REDIS_URL: .*permission"):
        await _require_supported(clean.replace("redis://", "redis://small:pw@"))

    await redis.acl_deluser("small")


async def test_replica_may_become_the_master(group: Watched) -> None:
    master = await to_thread(lambda: group.master)
    (replica,) = (one for one in group.servers if one is not master)

    with pytest.raises(StoreUnavailable, match="is a replica"):
        await _require_supported(
            f"redis://:a%2Fpassword%20that%3Amust%40not%23leak%3F@127.0.0.1:{replica.port}"
        )


async def test_redis_that_is_away_may_come() -> None:
    with pytest.raises(StoreUnavailable):
        await _require_supported(f"redis://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("version", ["2.8.24", "5.0.14", "6.0.20", "6.1.240"])
def test_version_that_is_too_old_is_refused(version: str) -> None:
    with pytest.raises(ConfigurationError, match=f"REDIS_URL: Redis {version} is too old"):
        server.require_supported({"redis_version": version, "redis_mode": "standalone"})


@pytest.mark.parametrize("version", ["6.2.0", "7.2.4", "8.0.0", "10.0", "255.255.255", "", "x"])
def test_version_that_is_new_or_unknown_will_do(version: str) -> None:
    server.require_supported({"redis_version": version, "role": "master", "cluster_enabled": 0})


async def _require_supported(url: str) -> None:
    async with connected(url, timeout=5.0) as store:
        await store.require_supported()
