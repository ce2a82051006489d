"""Discovery and the socket both go the way the environment says: HTTPS_PROXY, HTTP_PROXY, NO_PROXY.

The worker of these tests, and Redis, are reached directly.
"""

from __future__ import annotations

import ssl
from collections import ChainMap
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.eventually import eventually
from tests.middlemen import Proxy, TlsFront, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stage import Stage


@pytest.fixture
def proxy() -> Proxy:
    return Proxy()


@pytest.fixture
def proxied(proxy: Proxy) -> Iterator[dict[str, str]]:
    """The environment of somebody who must use the proxy for everything."""
    with serving(proxy) as port:
        url = f"http://127.0.0.1:{port}"
        names = {"HTTP_PROXY": url, "HTTPS_PROXY": url, "NO_PROXY": ""}
        yield {**names, **{name.lower(): value for name, value in names.items()}}


@pytest.fixture
def over_tls(stage: Stage, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody to whom the platform is https://localhost, and trusted."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(trusted := tmp_path / "authority.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(tls)
    with serving(TlsFront(int(stage.simulator_url.rpartition(":")[2])), tls) as port:
        yield {"FEISHU_DOMAIN": f"https://localhost:{port}", "SSL_CERT_FILE": str(trusted)}


def start_ingress(stage: Stage, *environments: dict[str, str]) -> None:
    stage.start("ingress", "-m", "ingress", **dict(ChainMap(*reversed(environments))))
    eventually(lambda: stage.get_ready()[0])


def test_both_go_through_the_tunnels_of_https_proxy(
    stage: Stage, proxy: Proxy, proxied: dict[str, str], over_tls: dict[str, str]
) -> None:
    start_ingress(stage, proxied, over_tls)
    stage.start_worker()

    message_id = stage.say("hello")

    assert stage.answer(message_id) == "You said: hello"
    platform = over_tls["FEISHU_DOMAIN"].removeprefix("https://")
    assert proxy.seen[:2] == [f"CONNECT {platform}"] * 2


def test_http_proxy_forwards_discovery_and_tunnels_the_socket(
    stage: Stage, proxy: Proxy, proxied: dict[str, str]
) -> None:
    start_ingress(stage, proxied)
    stage.start_worker()

    message_id = stage.say("hello")

    assert stage.answer(message_id) == "You said: hello"
    assert proxy.seen[:2] == [
        f"POST {stage.simulator_url}/callback/ws/endpoint",
        f"CONNECT {stage.simulator_url.removeprefix('http://')}",
    ]


def test_no_proxy_takes_both_past_it(
    stage: Stage, proxy: Proxy, proxied: dict[str, str], over_tls: dict[str, str]
) -> None:
    start_ingress(stage, proxied, over_tls, {"NO_PROXY": "localhost", "no_proxy": "localhost"})
    stage.start_worker()

    message_id = stage.say("hello")

    assert stage.answer(message_id) == "You said: hello"
    assert proxy.seen == []
