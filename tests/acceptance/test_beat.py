"""What is declared for a schedule runs at its moments, though the beat is killed."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from cli.ports import free_port
from tests.acceptance.outages import stopped
from tests.eventually import eventually
from tests.stage import fetch, samples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes import Process
    from tests.stage import Stage

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
    eventually(lambda: len(pulses(stage)) >= 2)
    assert "beat.begun" not in other.log()

    beat.kill()
    other.says("beat.begun")
    known = len(pulses(stage))
    eventually(lambda: len(pulses(stage)) >= known + 2)
    other.send(signal.SIGTERM)

    assert other.ended() == 0
    told = pulses(stage)  # once: the worker may still have one to tell
    assert len(set(told)) == len(told)


def test_beat_says_whether_it_looks_and_whether_it_beats(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "schedules.toml").write_text(SCHEDULES)
    ports = str(free_port()), str(free_port())
    beat = start_beat(stage, LARKSPUR_BEAT__PORT=ports[0])
    beat.says("beat.begun")  # else the other one might
    other = start_beat(stage, LARKSPUR_BEAT__PORT=ports[1])

    for port in ports:
        eventually(lambda port=port: probed(port, "readyz") == {"ready": True, "reasons": {}})  # type: ignore[misc]
    eventually(lambda: [beats(port) for port in ports] == [1.0, 0.0])
    beat.stop()

    eventually(lambda: beats(ports[1]) == 1.0)
    with stopped(stage):
        eventually(lambda: "redis" in probed(ports[1], "readyz")["reasons"])
        assert probed(ports[1], "livez") == {"alive": True, "reasons": {}}
    eventually(lambda: probed(ports[1], "readyz")["ready"])
    other.stop()


def probed(port: str, probe: str) -> Any:
    return fetch(f"http://127.0.0.1:{port}/{probe}")


def beats(port: str) -> float:
    return samples(f"http://127.0.0.1:{port}")["larkspur_beat_beats"]


def start_beat(stage: Stage, **environment: str) -> Process:
    environment = {"LARKSPUR_SCHEDULES": "schedules.toml", **environment}
    beat = stage.start("beat", "-m", "cli", "beat", **environment)
    beat.says("beat.ready")
    return beat


def pulses(stage: Stage) -> list[str]:
    return [one["text"] for one in stage.messages()]
