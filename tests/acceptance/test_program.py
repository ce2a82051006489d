"""A program answers, and never outlives its turn."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.callbacks import text_of
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

PROGRAM = """
import pathlib, subprocess, sys, time

said = sys.stdin.read()
print(f"heard {said}", flush=True)
if "long" in said:
    children = [subprocess.Popen(["sleep", "300"], start_new_session=True) for _ in range(2)]
    pathlib.Path("../../pids").write_text(" ".join(str(each.pid) for each in children))
    time.sleep(300)
"""


@pytest.fixture(autouse=True)
def program(stage: Stage) -> None:
    (stage.folder / "program.py").write_text(PROGRAM)
    stage.start_ingress()


def start_worker(stage: Stage) -> Process:
    return stage.start_worker(
        RESPONDER="command",
        LARKSPUR_COMMAND__RUN=f"{sys.executable} {stage.folder / 'program.py'}",
        LARKSPUR_COMMAND__WORKSPACES=str(stage.folder / "workspaces"),
    )


def living(folder: Path) -> list[str]:
    """Return which of the processes that the program has started live."""
    pids = folder / "pids"
    return [pid for pid in pids.read_text().split() if _lives(pid)] if pids.exists() else []


def _lives(pid: str) -> bool:
    try:
        return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # the latter if it ends as we read
        return False


def test_program_is_stopped_with_all_that_it_started(stage: Stage) -> None:
    start_worker(stage)
    assert stage.answer(stage.say("hello")) == "heard hello"

    long = stage.say("a long one")
    eventually(lambda: len(living(stage.folder)) == 2)
    (answer,) = eventually(lambda: stage.answers(long))
    eventually(lambda: "heard a long one" in text_of(stage, answer))
    stage.say("/stop")

    assert "heard a long one" in stage.answer(long)
    eventually(lambda: living(stage.folder) == [])


def test_program_of_a_killed_worker_is_gone(stage: Stage) -> None:
    worker = start_worker(stage)
    stage.say("a long one")
    eventually(lambda: len(living(stage.folder)) == 2)

    worker.kill()

    eventually(lambda: living(stage.folder) == [])
