"""The page on scaling is true to what was measured, and its sums are right."""

from __future__ import annotations

import pytest

from benchmarks.scale.arithmetic import workers
from benchmarks.scale.markdown import table
from benchmarks.scale.results import PAGE, current, measured, shown, written


def test_tables_are_those_of_the_last_measurement() -> None:
    assert shown(PAGE.read_text()) == current()


def test_page_can_be_read_at_one_sitting() -> None:
    text = PAGE.read_text()

    prose = sum(len(rows.splitlines()) for rows in shown(text).values())

    assert len(text.splitlines()) - prose <= 150


def test_no_wake_of_the_backlog_was_pushed_twice() -> None:
    backlog = measured()["backlog"]

    assert backlog["wakes_pushed"] == backlog["turns"]
    assert backlog["longest_queue"] <= backlog["conversations"]


@pytest.mark.parametrize(
    ("rate", "seconds", "cpu", "needed"),
    [(10, 20, 0.01, 2), (10, 20.1, 0.01, 3), (100, 0.1, 0.013, 2), (0.1, 1, 0.01, 1)],
)
def test_workers_are_bound_by_places_or_by_cpu(
    rate: float, seconds: float, cpu: float, needed: int
) -> None:
    assert workers(rate, seconds, cpu, places=100) == needed


def test_results_have_a_line_for_each_row() -> None:
    lines = written({"rows": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}).splitlines()

    assert [line.strip() for line in lines[2:4]] == ['{ "a": 1, "b": 2 },', '{ "a": 3, "b": 4 }']


def test_numbers_stand_to_the_right() -> None:
    assert table(("what", "how much"), [("a", "1")], right=1).splitlines() == [
        "| what | how much |",
        "|---|--:|",
        "| a | 1 |",
    ]
