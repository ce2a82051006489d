"""Promises 1, 2 and 6 when Redis fails over: nothing is restarted, nothing is lost or doubled."""

from __future__ import annotations

import base64
import json
import signal
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from redis import ResponseError

from cli.ports import free_port
from tests.alias import leading_to
from tests.eventually import PATIENCE, eventually
from tests.sentinel import MASTER, PASSWORD, SENTINEL_PASSWORD, watched
from tests.servers import Server, caught_up, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sentinel import Watched
    from tests.stage import Stage

SECRETS = [
    *(PASSWORD, SENTINEL_PASSWORD),
    *(quote(secret, safe="") for secret in (PASSWORD, SENTINEL_PASSWORD)),
]


@pytest.fixture
def group(stage: Stage, tmp_path: Path) -> Iterator[Watched]:
    """The stage's Redis, which Sentinels watch."""
    with watched(tmp_path / "redis") as group:
        stage.environment["REDIS_URL"] = group.url
        yield group


def test_messages_before_during_and_after_a_failover_are_answered(
    stage: Stage, group: Watched
) -> None:
    ingress, worker = stage.start_ingress(), stage.start_worker()
    before = stage.say("before")
    stage.answer(before)
    worker.says("turn.replied")
    group.protected()

    old = group.kill_master()
    during = stage.say("during")
    group.succeeded(old)
    after = stage.say("after", user="bob")

    assert stage.answer(during) == "You said: during (message 2 of this conversation)"
    assert stage.answer(after) == "You said: after"
    assert [len(stage.answers(one)) for one in (before, during, after)] == [1, 1, 1]
    eventually(lambda: stage.get_ready()[0])
    assert [secret for secret in SECRETS if secret in ingress.log() + worker.log()] == []


def test_master_that_stands_still_is_left_for_its_replica(stage: Stage, group: Watched) -> None:
    stage.start_ingress()
    worker = stage.start_worker()
    stage.answer(stage.say("before"))
    worker.says("turn.replied")
    group.protected()
    old = group.master

    old.send(signal.SIGSTOP)
    during = stage.say("during", user="bob")
    group.succeeded(old)
    after = stage.say("after", user="carol")

    assert stage.answer(during) == "You said: during"
    assert stage.answer(after) == "You said: after"
    old.send(signal.SIGCONT)
    assert stage.answer(stage.say("at last")).startswith("You said: at last")
    assert [len(stage.answers(one)) for one in (during, after)] == [1, 1]
    assert worker.running


def test_planned_failover_is_lived_through(stage: Stage, group: Watched) -> None:
    stage.start_ingress()
    stage.start_worker()
    old = group.master

    eventually(lambda: _fails_over(group))
    group.succeeded(old)
    eventually(lambda: old.ask("ROLE")[0] == b"slave")  # till then it takes what will be lost

    assert stage.answer(stage.say("hello")) == "You said: hello"


def test_master_that_steps_down_behind_a_name_is_left(stage: Stage, tmp_path: Path) -> None:
    hasty = ("--repl-diskless-sync-delay", "0")
    old = Server(tmp_path / "old", *hasty)
    new = Server(tmp_path / "new", *hasty, "--replicaof", "127.0.0.1", str(old.port))
    with running(old, new), leading_to(old.port) as alias:
        stage.environment["REDIS_URL"] = alias.url
        stage.start_ingress()
        stage.start_worker()
        stage.answer(stage.say("before"))
        caught_up(old)

        new.ask("REPLICAOF", "NO", "ONE")
        old.ask("REPLICAOF", "127.0.0.1", str(new.port))
        alias.leads_to = new.port

        after = stage.say("after", user="bob")
        assert stage.answer(after) == "You said: after"
        assert len(stage.answers(after)) == 1


def test_flower_and_check_show_no_password_of_redis_or_its_sentinels(
    stage: Stage, group: Watched
) -> None:
    stage.start_worker()
    port = free_port()
    flower = stage.start(
        *("flower", "-m", "cli", "flower"),
        LARKSPUR_FLOWER__PORT=str(port),
        LARKSPUR_FLOWER__PASSWORD="open-sesame",
        REDIS_URL=group.short_url,  # its page about the broker asks the first Sentinel alone
    )
    (name,) = eventually(lambda: _workers(port))

    check = stage.start("check", "-m", "cli", "check")
    pages = [_page(port, page) for page in ("api/workers?refresh=1", f"worker/{name}")]
    pages.append(_page(port, "broker", holds="turns"))

    assert check.ended() == 0
    for text in (*pages, check.log(), flower.log()):
        assert [secret for secret in SECRETS if secret in text] == []


def _fails_over(group: Watched) -> bool:
    """Tell it to; it does not while it doubts that its replica is well, or if it does already."""
    try:
        group.sentinel.ask("SENTINEL", "FAILOVER", MASTER)
    except ResponseError as error:
        return str(error).startswith("INPROG")
    return True


def _workers(port: int) -> list[str]:
    try:
        return list(json.loads(_get(port, "api/workers")))
    except OSError:
        return []


def _page(port: int, page: str, *, holds: str = "") -> str:
    """Wait for a page, and what it is to hold: Flower gives its workers a second to answer."""

    def shown() -> str:
        try:
            text = _get(port, page)
        except HTTPError:
            return ""
        return text if holds in text else ""

    return eventually(shown)


def _get(port: int, page: str) -> str:
    credentials = base64.b64encode(b"larkspur:open-sesame").decode()
    request = Request(f"http://127.0.0.1:{port}/{page}")
    request.add_header("Authorization", f"Basic {credentials}")
    with urlopen(request, timeout=PATIENCE) as response:
        return str(response.read().decode())
