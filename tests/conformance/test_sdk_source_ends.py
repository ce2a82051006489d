"""How the ingress' source `sdk` ends: when it is left, and when the SDK would be deaf for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.conftest import APP_ID, APP_SECRET, started
from tests.eventually import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Lines, Simulator

OPTIONS = ("--ping-interval=1", "--reconnect-nonce=0")

PROGRAM = str(Path(__file__).with_name("sdk_source.py"))


@pytest.fixture
def source(simulator: Simulator) -> Iterator[Lines]:
    """The source, connected, which bears to be deaf for 5 s."""
    simulator.post("/_sim/config", {"ReconnectInterval": 1})
    with started(PROGRAM, simulator.url, APP_ID, APP_SECRET, "5") as program:
        while program.next() != ["ready"]:
            pass
        yield program


def end_of(program: Lines) -> list[str]:
    while (words := program.next())[0] not in {"left", "raised"}:
        pass
    return words


def test_told_to_leave_it_closes_its_connection_and_returns(
    simulator: Simulator, source: Lines
) -> None:
    source.process.terminate()

    assert end_of(source) == ["left"]
    assert source.process.wait() == 0
    eventually(lambda: simulator.connections() == 0)


def test_left_before_it_ever_connected_it_returns(simulator: Simulator) -> None:
    simulator.post("/_sim/faults", {"kind": "discovery", "code": 1})
    with started(PROGRAM, simulator.url, APP_ID, APP_SECRET) as program:
        assert program.next()[0] == "down"

        program.process.terminate()

        assert end_of(program) == ["left"]


def test_refusal_on_a_reconnect_ends_it(simulator: Simulator, source: Lines) -> None:
    simulator.post("/_sim/faults", {"kind": "discovery", "code": 1000040350})
    simulator.post("/_sim/close", {})

    ended = " ".join(end_of(source))

    assert ended.startswith("raised FeishuUnavailable the SDK gave up: 1000040350")


def test_connection_without_pongs_is_said_to_be_deaf_and_ends_it(
    simulator: Simulator, source: Lines
) -> None:
    simulator.post("/_sim/faults", {"kind": "no_pong", "seconds": 30})

    ended = " ".join(end_of(source))

    assert ended.startswith("raised FeishuUnavailable deaf for ")
    assert "no frame for " in ended


def test_wrong_secret_is_for_a_human(simulator: Simulator) -> None:
    with started(PROGRAM, simulator.url, APP_ID, "wrong") as program:
        ended = " ".join(end_of(program))

    assert ended.startswith(
        "raised ConfigurationError FEISHU_APP_ID, FEISHU_APP_SECRET: Feishu says 1000040345"
    )
    assert "wrong" not in ended
