"""What the platform is made to do to the long connection, and what the ingress then says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

ALWAYS = None
"""As a count of a fault: until it is cleared."""


def order(stage: Stage, kind: str, *, count: int | None = 1, **asked: Any) -> str:
    """Order a fault; return its id."""
    answer = stage.post("/_sim/faults", {"kind": kind, "count": count, **asked})
    assert "fault_id" in answer, answer
    return str(answer["fault_id"])


def clear(stage: Stage) -> None:
    stage.delete("/_sim/faults")


def taken(stage: Stage, fault_id: str) -> int:
    """Return how often a standing fault has happened."""
    standing = stage.get("/_sim/faults")
    return next(int(each["taken"]) for each in standing if each["fault_id"] == fault_id)


def reconnects(stage: Stage, cause: str) -> float:
    return stage.metric(f'larkspur_reconnects_total{{cause="{cause}"}}')


def speak(stage: Stage, *, after: float = 0.0, per_second: float | None = None) -> None:
    """Have the model begin its next answers after so many seconds; None is all of it at once.

    Answers that are being given stay as slow as they are; a turn that has begun may not have asked.
    """
    stage.post("/_sim/model", {"first_token_delay": after, "tokens_per_second": per_second})


def connections(stage: Stage) -> int:
    """Return how many the platform holds for open."""
    return int(stage.get("/_sim/health")["connections"])


def heard_just_now(stage: Stage) -> None:
    """Have an event acked on the only connection there is, so that it will not be quiet soon."""

    def heard() -> bool:
        stage.acked(stage.say("are you there?"))
        return connections(stage) == 1

    eventually(heard)


def told(process: Process, event: str) -> list[dict[str, Any]]:
    """Return the lines of a process's log that tell of an event, oldest first."""
    lines = (json.loads(line) for line in process.log().splitlines() if line.startswith("{"))
    return [line for line in lines if line["event"] == event]


def moment(line: dict[str, Any]) -> float:
    """Return when a line was written, in Unix seconds."""
    return datetime.fromisoformat(line["timestamp"]).timestamp()


def fewest_connections(simulator: Process) -> int:
    """Return how many connections were open at the worst time after the first one opened."""
    open_now, fewest = 0, 1_000
    for line in simulator.log().splitlines():
        if "connection.opened" in line:
            open_now += 1
        elif "connection.closed" in line:
            open_now -= 1
            fewest = min(fewest, open_now)
    return fewest
