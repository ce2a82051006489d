"""The measurements of how far it scales, small: real workers, a real Redis, and the sums right."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from benchmarks.scale import apps, backlog, conversations, replicas
from benchmarks.scale.sizes import FAST


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """Measure everything at once, which for figures would be wrong."""

    async def everything() -> dict[str, Any]:
        groups = (replicas, conversations, backlog, apps)
        results = await asyncio.gather(*(group.measure(FAST) for group in groups))
        return dict(zip(("replicas", "conversations", "backlog", "apps"), results, strict=True))

    return asyncio.run(everything())


def test_every_number_of_workers_is_measured_with_both_kinds_of_turns(
    found: dict[str, Any],
) -> None:
    instant, waiting = found["replicas"]["instant"], found["replicas"]["waiting"]

    assert [(one["workers"], one["turns"]) for one in instant] == [(1, 40), (2, 40)]
    assert [(one["workers"], one["turns"]) for one in waiting] == [(1, 10), (2, 20)]


def test_turns_cost_workers_and_redis_something(found: dict[str, Any]) -> None:
    measured = found["replicas"]
    rows = [*measured["instant"], *measured["waiting"], measured["long"]]

    assert all(one["cpu_ms"] > 0 and one["redis_commands"] > 1 for one in rows)


def test_turn_that_waits_is_no_faster_than_its_model(found: dict[str, Any]) -> None:
    waiting = found["replicas"]["waiting"]

    assert all(one["rate"] <= 10 * one["workers"] / FAST.waits for one in waiting)


def test_all_lost_wakes_are_found(found: dict[str, Any]) -> None:
    (filled,) = found["conversations"]

    assert filled["bytes_each"] > 1_000
    assert (filled["lost"]["wakes"], filled["lost"]["sweeps"]) == (50, 1)


def test_backlog_is_drained_with_a_wake_for_each_turn(found: dict[str, Any]) -> None:
    drained = found["backlog"]

    assert (drained["wakes_pushed"], drained["longest_queue"]) == (50, 10)
    assert drained["samples"][-1]["unsettled"] == 0


def test_events_of_all_apps_are_acked(found: dict[str, Any]) -> None:
    steady = found["apps"]["steady"]

    assert [(one["apps"], one["events"], one["failed"]) for one in steady] == [
        (1, 10, 0),
        (2, 20, 0),
    ]
