"""Redis over TLS: its certificate is checked, and ours is shown if asked for, by Celery as well."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.acceptance.watching import Flower
from tests.eventually import eventually
from tests.forwarder import Forwarder
from tests.middlemen import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

REFUSED = "certificate verify failed"


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """Whom we trust; its certificate is in `authority.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    return authority


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """The TLS of the Redis that is called localhost."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def url(stage: Stage, tls: ssl.SSLContext, tmp_path: Path) -> Iterator[str]:
    with serving(Forwarder(stage.valkey.port), tls) as port:
        yield f"rediss://localhost:{port}/0?ssl_ca_certs={tmp_path / 'authority.pem'}"


def test_everybody_talks_to_redis_over_tls(stage: Stage, url: str, operator: Operator) -> None:
    stage.environment["REDIS_URL"] = url
    flower = Flower(stage)
    stage.start_ingress()
    stage.start_worker()

    message_id = stage.say("hello")

    assert stage.answer(message_id) == "You said: hello"
    flower.tells(lambda task: task["state"] == "SUCCESS")
    assert operator.ask("queue")


def test_redis_that_asks_who_we_are_is_shown_our_certificate(
    stage: Stage, authority: trustme.CA, tls: ssl.SSLContext, url: str, tmp_path: Path
) -> None:
    authority.configure_trust(tls)
    tls.verify_mode = ssl.CERT_REQUIRED
    ours = authority.issue_cert("larkspur")
    ours.private_key_pem.write_to_path(tmp_path / "key.pem")
    ours.cert_chain_pems[0].write_to_path(tmp_path / "ours.pem")
    ourselves = f"&ssl_certfile={tmp_path / 'ours.pem'}&ssl_keyfile={tmp_path / 'key.pem'}"
    stranger = stage.start("stranger", "-m", "ingress", REDIS_URL=url)
    stranger.says("redis.away")
    stranger.stop()

    stage.environment["REDIS_URL"] = url + ourselves
    stage.start_ingress()
    stage.start_worker()

    assert stage.answer(stage.say("hello")) == "You said: hello"


def test_certificate_that_nobody_vouches_for_is_refused(stage: Stage, tmp_path: Path) -> None:
    stranger = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("localhost").configure_cert(stranger)
    trustme.CA().cert_pem.write_to_path(tmp_path / "authority.pem")

    with serving(Forwarder(stage.valkey.port), stranger) as port:
        url = f"rediss://localhost:{port}/0?ssl_ca_certs={tmp_path / 'authority.pem'}"
        stage.start("ingress", "-m", "ingress", REDIS_URL=url)
        worker = stage.start("worker", "-m", "cli", "worker", REDIS_URL=url)

        eventually(lambda: REFUSED in stage.get_ready()[1].get("redis", ""))
        worker.says(REFUSED)
