"""The benchmarks' page is true to their results, and a figure to its goal."""

from __future__ import annotations

import pytest

from benchmarks.figure import Figure
from benchmarks.results import BEGIN, END, README, figures, table
from benchmarks.streams import Watched, earliest


def test_table_is_that_of_the_last_measurement() -> None:
    page = README.read_text()

    shown = page.partition(BEGIN)[2].partition(END)[0]

    assert shown == table(figures())


@pytest.mark.parametrize(("more_is_better", "ratio"), [(True, 0.25), (False, 4.0)])
def test_ratio_says_how_many_times_better(more_is_better: bool, ratio: float) -> None:
    figure = _figure(value=10, baseline=40, more_is_better=more_is_better)

    assert figure.ratio == ratio


@pytest.mark.parametrize(("goal", "held"), [(4.0, True), (4.1, False)])
def test_goal_may_be_on_the_ratio(goal: float, held: bool) -> None:
    figure = _figure(value=10, baseline=40, goal=goal, goal_on_ratio=True)

    assert figure.held is held


@pytest.mark.parametrize(("more_is_better", "held"), [(True, False), (False, True)])
def test_goal_bounds_the_value(more_is_better: bool, held: bool) -> None:
    figure = _figure(value=10, goal=11, more_is_better=more_is_better)

    assert figure.held is held


def test_figure_without_a_goal_is_for_information() -> None:
    figure = _figure(value=10, baseline=40)

    assert figure.held is None


def _figure(
    *,
    value: float,
    baseline: float | None = None,
    goal: float | None = None,
    goal_on_ratio: bool = False,
    more_is_better: bool = False,
) -> Figure:
    return Figure(
        name="name",
        value=value,
        unit="s",
        raw=[],
        baseline=baseline,
        goal=goal,
        goal_on_ratio=goal_on_ratio,
        more_is_better=more_is_better,
    )


def test_calls_that_are_ready_together_are_made_fifty_a_second() -> None:
    made = earliest([0.0] * 120)

    assert made == [0.0] * 50 + [1.0] * 50 + [2.0] * 20


def test_calls_that_are_ready_late_are_made_at_once() -> None:
    assert earliest([0.0, 0.5, 7.0]) == [0.0, 0.5, 7.0]


def test_lateness_is_what_the_limits_do_not_force() -> None:
    cards = [str(number) for number in range(60)]
    seen = Watched(
        written=dict.fromkeys(cards, 0.0),
        ends={card: 1.5 if number >= 50 else 0.25 for number, card in enumerate(cards)},
    )

    assert set(seen.lateness()) == {0.25, 0.5}
