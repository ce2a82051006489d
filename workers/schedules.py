"""The file of schedules: what is to be run, and when.

    [digest]
    cron = "0 9 * * mon-fri"
    timezone = "Asia/Shanghai"

    [heartbeat]
    every = 300.0

All beats agree on the moments at which a schedule is due, whenever they were started: those of
`every` are counted from 1970 on.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from celery.schedules import ParseException, crontab, schedstate, schedule
from celery.utils.time import remaining

from shared.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SETTING: Final = "LARKSPUR_SCHEDULES"

_NAME: Final = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_KEYS: Final = ("cron", "every", "timezone")
_FIELDS: Final = 5
_SHORTEST: Final = 1.0


class Every(schedule):
    """Due at each multiple of its seconds."""

    def after(self, moment: float) -> float:
        """Return when it is due next after a Unix time."""
        return float((math.floor(moment / self.seconds) + 1) * self.seconds)

    def is_due(self, last_run_at: datetime) -> Any:
        return _stands(self, last_run_at)


class Cron(crontab):
    """Due as crontab(5) says, in its own time zone."""

    def after(self, moment: float) -> float:
        """Return when it is due next after a Unix time."""
        start, delta, _ = self.remaining_delta(datetime.fromtimestamp(moment, UTC))
        return float(round(moment + remaining(start, delta, start).total_seconds()))

    def is_due(self, last_run_at: datetime) -> Any:
        return _stands(self, last_run_at)


Schedule = Every | Cron


def read_schedules(path: Path | None, now: Callable[[], datetime]) -> dict[str, Schedule]:
    """Read the schedules by their names; `now` is their clock.

    Raises:
        ConfigurationError: the file cannot be read, or an entry is wrong.
    """
    if path is None:
        raise ConfigurationError(f"{SETTING}: is not set; it names the file of schedules")
    try:
        entries = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{SETTING}: {path}: {error}") from error
    if not entries:
        raise ConfigurationError(f"{SETTING}: {path}: names no schedule")
    found: dict[str, Schedule] = {}
    for name, entry in entries.items():
        try:
            found[name] = _schedule(name, entry, now)
        except (ValueError, KeyError, ParseException) as error:
            raise ConfigurationError(f"{SETTING}: {path}: [{name}]: {_words(error)}") from error
    return found


def _schedule(name: str, entry: object, now: Callable[[], datetime]) -> Schedule:
    if not _NAME.fullmatch(name):
        raise ValueError("a name is up to 64 letters, digits, . : - and _")
    if not isinstance(entry, dict):
        raise ValueError(f'is to be a table: [{name}], and below it cron = "..." or every = ...')  # noqa: TRY004 - the file is wrong
    for key in entry:
        if key not in _KEYS:
            meant = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            raise ValueError(f"{key}: no such key; did you mean {meant}?")
    if ("cron" in entry) == ("every" in entry):
        raise ValueError("is to have one of cron and every")
    return _every(entry, now) if "every" in entry else _cron(entry, now)


def _every(entry: Mapping[str, Any], now: Callable[[], datetime]) -> Every:
    seconds = entry["every"]
    if "timezone" in entry:
        raise ValueError("timezone: is for cron")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < _SHORTEST:
        raise ValueError("every: is to be a number of seconds, 1 or more")
    return Every(seconds, nowfun=now)


def _cron(entry: Mapping[str, Any], now: Callable[[], datetime]) -> Cron:
    fields = str(entry["cron"]).split()
    if len(fields) != _FIELDS:
        raise ValueError("cron: is to have five fields: minute, hour, day, month, day of the week")
    zone = _zone(entry.get("timezone", "UTC"))
    minute, hour, day, month, weekday = fields
    try:
        cron = Cron(minute, hour, weekday, day, month, nowfun=now)
    except (ValueError, KeyError, ParseException) as error:
        raise ValueError(f"cron: {_words(error)}") from error
    cron.tz = zone
    return cron


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"timezone: {name}: no such time zone; one is Asia/Shanghai") from error


def _stands(when: Schedule, last_run_at: datetime) -> Any:
    """Return whether it is due, and in how many seconds it is again."""
    now = when.now().timestamp()
    due = when.after(last_run_at.timestamp())
    if due > now:
        return schedstate(False, due - now)
    return schedstate(True, when.after(now) - now)


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__
