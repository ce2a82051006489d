"""A Redis user that may do what Larkspur needs, on its own keys, and nothing else."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError

from cli.ports import free_port
from shared.store.scripts import SOURCES
from tests.documented import ROOT
from tests.eventually import PATIENCE, eventually
from tests.servers import Server, running
from tests.stage import APP_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stage import Stage

ACL = (ROOT / "k8s" / "redis" / "users.acl").read_text()
WORD = re.compile(r"'([A-Z]{2,})'")
OPTIONS = {"EX", "GT", "LIMIT", "NX", "PX", "REV", "WITHSCORES", "XX"}


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Server]:
    users = tmp_path / "users.acl"
    password = sha256(b"a-password").hexdigest()
    written = ACL.replace("PASSWORD_SHA256", password).replace("APP_ID", APP_ID)
    users.write_text(f"{written}user admin on >admin ~* &* +@all\n")
    server = Server(tmp_path / "guarded", "--aclfile", str(users), user="admin", password="admin")
    with running(server):
        yield server


def test_all_that_larkspur_does_is_allowed_and_nothing_else(stage: Stage, guarded: Server) -> None:
    url = f"redis://larkspur:a-password@127.0.0.1:{guarded.port}/0"
    stage.environment["REDIS_URL"] = url
    stage.start_ingress()
    stage.start_worker()
    port = free_port()
    flower = stage.start(
        "flower", "-m", "cli", "flower", "--no-auth", LARKSPUR_FLOWER__PORT=str(port)
    )
    eventually(lambda: _sees_the_worker(port))

    assert stage.answer(stage.say("hello")) == "You said: hello"
    for command in (["queue"], ["conversations", "list"], ["dead-letters", "list"], ["check"]):
        asked = stage.start("cli", "-m", "cli", *command)
        assert asked.ended() == 0, asked.log()

    with Redis.from_url(url) as redis:
        for forbidden in ("CONFIG GET *", "KEYS *", "FLUSHALL", "GET other", "EVAL return 0"):
            with pytest.raises(NoPermissionError):
                redis.execute_command(*forbidden.split())
    assert "No permissions" not in flower.log()
    denied = eventually(lambda: guarded.ask("ACL", "LOG"))
    assert {one["object"] for one in denied} == {"config|get", "keys", "flushall", "other", "eval"}


def _sees_the_worker(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            return b"flower_worker_online" in answer.read()
    except OSError:
        return False


def test_every_command_of_every_script_is_allowed() -> None:
    allowed = set(re.findall(r"\+(\S+)", ACL))
    called = {word for text in SOURCES.values() for word in WORD.findall(text)} - OPTIONS

    assert {word.lower() for word in called} - allowed == set()
