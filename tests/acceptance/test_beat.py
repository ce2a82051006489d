"""What is declared for a schedule runs at its moments, though the beat is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.eventually import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes import Process
    from tests.stage import Stage

pytestmark = pytest.mark.timeout(120)

HANDLERS = """
from workers.handlers import on

@on.schedule("pulse")
async def pulse(due, feishu):
    await feishu.send_text("alice@example.com", f"{due.name} {due.at}")
"""
SCHEDULES = '[pulse]\nevery = 1.0\n[other]\ncron = "* * * * *"\ntimezone = "Asia/Shanghai"\n'


def test_schedule_runs_once_at_each_moment_whatever_becomes_of_the_beat(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "team_schedules.py").write_text(HANDLERS)
    (tmp_path / "schedules.toml").write_text(SCHEDULES)
    stage.start_worker(LARKSPUR_HANDLERS="team_schedules")
    beat = start_beat(stage)
    beat.says("beat.begun")
    other = start_beat(stage)
    eventually(lambda: len(pulses(stage)) >= 2, within=30)
    assert "beat.begun" not in other.log()

    beat.kill()
    other.says("beat.begun")
    known = len(pulses(stage))
    eventually(lambda: len(pulses(stage)) >= known + 2, within=30)
    other.stop()

    assert other.ended() == 0
    assert len(set(pulses(stage))) == len(pulses(stage))


def start_beat(stage: Stage) -> Process:
    beat = stage.start("beat", "-m", "cli", "beat", LARKSPUR_SCHEDULES="schedules.toml")
    beat.says("beat.ready")
    return beat


def pulses(stage: Stage) -> list[str]:
    return [one["text"] for one in stage.messages()]
