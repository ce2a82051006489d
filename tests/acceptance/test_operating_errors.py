"""What the person on call is told when a command cannot do its work, and with which exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from tests.acceptance.outages import order, stopped
from tests.stage import APP_ID

if TYPE_CHECKING:
    from tests.acceptance.operator import Operator, Said
    from tests.stage import Stage

COMMANDS = (
    ("queue",),
    ("conversations", "list"),
    ("conversations", "show", "oc_1"),
    ("conversations", "release", "oc_1"),
    ("dead-letters", "list"),
    ("dead-letters", "show", "e_1"),
    ("dead-letters", "replay", "e_1"),
    ("dead-letters", "drop", "e_1", "--yes"),
)


def line(said: Said, code: int) -> str:
    """Return the one line that a command which fails says."""
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1), said
    return said.err


def test_redis_that_is_away_is_named(stage: Stage, operator: Operator) -> None:
    url = f"redis://:secret@127.0.0.1:{free_port()}/0"

    told = [line(operator.run(*command, REDIS_URL=url), 75) for command in COMMANDS]

    named = f"REDIS_URL: {url.replace(':secret@', '')}: "
    assert [named in each for each in told] == [True] * len(COMMANDS)


def test_redis_that_stands_still_is_given_up_on(stage: Stage, operator: Operator) -> None:
    with stopped(stage):
        told = line(operator.run("queue"), 75)

    assert f"REDIS_URL: {stage.valkey.url}: no answer within 5 s" in told


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"REDIS_URL": "http://localhost"}, "REDIS_URL: does not begin with redis://"),
        ({"FEISHU_APP_ID": ""}, "FEISHU_APP_ID: is not set"),
        ({"FEISHU_APP_ID": "me"}, "FEISHU_APP_ID: String should match"),
        ({"LARKSPUR_QUEUE": "turns"}, "LARKSPUR_QUEUE: no such setting"),
    ],
)
def test_wrong_setting_is_named(
    stage: Stage, operator: Operator, environment: dict[str, str], told: str
) -> None:
    said = operator.run("queue", **environment)

    assert f"larkspur: {told}" in line(said, 78)


@pytest.mark.parametrize(
    "rights",
    ["~other:* +@all", "~larkspur:* +@all -info", "~larkspur:* +@all -@scripting"],
    ids=["keys", "info", "scripts"],
)
def test_redis_that_lets_nobody_in_is_said_to(
    stage: Stage, operator: Operator, rights: str
) -> None:
    order(stage, f"ACL SETUSER oncall on >secret &* {rights}")
    url = stage.valkey.url.replace("//", "//oncall:secret@")

    told = line(operator.run("queue", REDIS_URL=url), 78)

    assert "REDIS_URL: " in told
    assert "permissions" in told
    assert "secret" not in told


def test_what_there_is_none_of_is_named(stage: Stage, operator: Operator) -> None:
    for *command, name in (
        ("conversations", "show", "oc_1"),
        ("conversations", "release", "oc_1"),
        ("dead-letters", "show", "e_1"),
    ):
        assert f"{name}: " in line(operator.run(*command, name), 1)
    for verb in (("replay",), ("drop", "--yes")):
        said = operator.run("dead-letters", *verb, "e_1")
        assert (said.code, said.err) == (
            1,
            "Error: e_1: no such dead letter; it may have been replayed or dropped already\n",
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ("dead-letters", "replay"),
        ("dead-letters", "replay", "--all", "e_1"),
        ("dead-letters", "drop", "e_1"),
        ("dead-letters", "list", "--limit", "0"),
        ("conversations", "list", "--state", "stuck"),
        ("conversations", "show", ""),
        ("conversations", "show", "\udcff"),
    ],
)
def test_command_that_makes_no_sense_ends_with_2(
    stage: Stage, operator: Operator, arguments: tuple[str, ...]
) -> None:
    said = operator.run(*arguments)

    assert (said.code, said.out, "Error: " in said.err) == (2, "", True)


def test_app_that_nobody_works_for_is_told_of(stage: Stage, operator: Operator) -> None:
    said = operator.run("queue")

    assert said.code == 0
    assert f"nothing was ever accepted for {APP_ID} at {stage.valkey.url}" in said.err
