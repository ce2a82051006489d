"""Promise 10: it runs without Feishu and without a model key."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from cli.ports import free_port
from tests.processes import Process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ports() -> dict[str, str]:
    names = ("UP__SIMULATOR_PORT", "UP__REDIS_PORT", "INGRESS__PORT", "FLOWER__PORT")
    return {f"LARKSPUR_{name}": str(free_port()) for name in names}


@pytest.fixture
def up(tmp_path: Path, ports: dict[str, str]) -> Iterator[Process]:
    process = Process("up", ("-m", "cli", "up"), ports, tmp_path / "up.log")
    yield process
    process.stop()
    print(process.log())


def test_newcomer_gets_an_answer_and_a_clean_end(
    up: Process, ports: dict[str, str], tmp_path: Path
) -> None:
    up.says("Larkspur is ready")

    direct = _say(tmp_path, ports, "hello")
    grouped = _say(tmp_path, ports, "--group", "@bot hello")
    looked = _run(tmp_path, ports, "queue")
    up.send(signal.SIGINT)

    assert direct == (0, "You said: hello\n")
    assert grouped == (0, "You said: hello\n")
    assert (looked[0], "dead letters: 0" in looked[1]) == (0, True)
    assert up.ended() == 0
    assert (tmp_path / ".larkspur" / "valkey").is_dir()


def test_death_of_one_process_ends_all_and_is_named(up: Process) -> None:
    up.says("Larkspur is ready")
    pid = up.log().partition("worker started (pid=")[2].partition(")")[0]

    os.kill(int(pid), signal.SIGKILL)

    assert up.ended() == 1
    assert "worker stopped (killed by SIGKILL)" in up.log()


def test_taken_port_is_named_with_its_setting(
    up: Process, ports: dict[str, str], tmp_path: Path
) -> None:
    up.says("Larkspur is ready")

    second = Process("second", ("-m", "cli", "up"), ports, tmp_path / "second.log")

    assert second.ended() == 78
    for setting, port in ports.items():
        assert f"{setting}: port {port} cannot be used" in second.log()


def test_nobody_to_answer_ends_say_with_1(tmp_path: Path, ports: dict[str, str]) -> None:
    code, said = _say(tmp_path, ports, "hello")

    assert code == 1
    assert "no simulator at" in said


def _say(folder: Path, ports: dict[str, str], *arguments: str) -> tuple[int, str]:
    return _run(folder, ports, "say", "--timeout", "120", *arguments)


def _run(folder: Path, ports: dict[str, str], *command: str) -> tuple[int, str]:
    process = Process(command[0], ("-m", "cli", *command), ports, folder / f"{command[0]}.log")
    return process.ended(), process.log()
