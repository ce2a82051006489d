from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.errors import ConfigurationError
from workers.schedules import Schedule, read_schedules

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday


def schedules(text: str) -> dict[str, Schedule]:
    path = Path("schedules.toml")
    path.write_text(text)
    return read_schedules(path, lambda: NOON)


def due(text: str, after: datetime = NOON, *, zone: str = "UTC") -> str:
    (schedule,) = schedules(f"[one]\n{text}").values()
    moment = datetime.fromtimestamp(schedule.after(after.timestamp()), ZoneInfo(zone))
    return moment.isoformat()


def test_cron_is_due_in_its_own_time_zone() -> None:
    text = 'cron = "0 9 * * mon-fri"\ntimezone = "Asia/Shanghai"'

    assert due(text, zone="Asia/Shanghai") == "2026-11-30T09:00:00+08:00"


def test_cron_without_a_time_zone_is_in_utc() -> None:
    assert due('cron = "30 12 * * *"') == "2026-11-27T12:30:00+00:00"


def test_moment_itself_is_over_once_it_has_come() -> None:
    assert due('cron = "0 12 * * *"') == "2026-11-28T12:00:00+00:00"


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "2026-03-29T03:30:00+02:00"),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "2026-10-25T02:30:00+02:00"),
    ],
    ids=["the hour that is left out", "the hour that comes twice"],
)
def test_night_of_a_change_of_the_clock_has_one_run(day: datetime, first: str) -> None:
    text = 'cron = "30 2 * * *"\ntimezone = "Europe/Berlin"'

    assert due(text, day, zone="Europe/Berlin") == first
    again = due(text, datetime.fromisoformat(first), zone="Europe/Berlin")
    assert again[11:16] == "02:30"
    assert again[:10] > first[:10]


@pytest.mark.parametrize("seconds", [0.0, 0.1, 299.9])
def test_interval_is_due_at_the_same_moments_for_whoever_asks(seconds: float) -> None:
    asked = datetime.fromtimestamp(NOON.timestamp() + seconds, UTC)

    assert due("every = 300.0", asked) == "2026-11-27T12:05:00+00:00"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no schedule"),
        ("[one", "Expected ']'"),
        ("[one]\n", "[one]: is to have one of cron and every"),
        ('[one]\ncron = "* * * * *"\nevery = 5', "[one]: is to have one of cron and every"),
        ('[one]\ncron = "0 9 * *"', "[one]: cron: is to have five fields"),
        ('[one]\ncron = "61 9 * * *"', "[one]: cron: Invalid end range: 61 > 59"),
        ('[one]\ncron = "0 9 30 2 *"', "[one]: cron: Invalid crontab: day_of_month '30'"),
        ('[one]\ncron = "0 9 * * x"', "[one]: cron: Invalid weekday literal 'x'"),
        ('[one]\ncorn = "0 9 * * *"', "[one]: corn: no such key; did you mean cron?"),
        ('[one]\ncron = "0 9 * * *"\ntimezone = "Mars"', "[one]: timezone: Mars: no such time"),
        ('[one]\nevery = 5\ntimezone = "UTC"', "[one]: timezone: is for cron"),
        ("[one]\nevery = 0.5", "[one]: every: is to be a number of seconds, 1 or more"),
        ("[one]\nevery = true", "[one]: every: is to be a number of seconds, 1 or more"),
        ('["o n e"]\nevery = 5', "[o n e]: a name is up to 64"),
        ("one = 5", "[one]: is to be a table"),
    ],
)
def test_wrong_file_is_refused_with_the_entry(text: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        schedules(text)

    assert str(caught.value).startswith("LARKSPUR_SCHEDULES: schedules.toml: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("path", "says"), [(None, "is not set"), (Path("none.toml"), "none.toml: .*No such file")]
)
def test_file_that_is_not_there_is_named(path: Path | None, says: str) -> None:
    with pytest.raises(ConfigurationError, match=f"LARKSPUR_SCHEDULES: {says}"):
        read_schedules(path, lambda: NOON)
