"""What a beat says of itself, as time goes by."""

from __future__ import annotations

import time

import pytest

from workers.pulse import STILL_AT_MOST, Pulse


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> float:
    """The moment it is until it is `later`."""
    now = time.monotonic()
    monkeypatch.setattr("workers.pulse.time.monotonic", lambda: now)
    return now


@pytest.fixture
def later(now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute and a second have passed when somebody asks."""
    monkeypatch.setattr("workers.pulse.time.monotonic", lambda: now + STILL_AT_MOST + 1)


@pytest.fixture
def pulse() -> Pulse:
    return Pulse()


@pytest.mark.usefixtures("pulse", "later")
def test_beat_that_waits_for_its_first_redis_is_alive(pulse: Pulse) -> None:
    assert (pulse.ailments, pulse.reasons) == ({}, {"redis": "not yet"})


@pytest.mark.usefixtures("now")
def test_beat_that_has_stopped_looking_is_not_alive(
    pulse: Pulse, request: pytest.FixtureRequest
) -> None:
    pulse.looked(beats=True)
    well = pulse.ailments, pulse.reasons
    request.getfixturevalue("later")

    assert well == ({}, {})
    assert pulse.ailments == pulse.reasons
    assert "for 61 s" in pulse.ailments["beat"]


def test_beat_whose_redis_is_away_is_alive_and_not_ready(pulse: Pulse) -> None:
    pulse.looked(beats=False, away="no route")

    assert (pulse.ailments, pulse.reasons) == ({}, {"redis": "no route"})
