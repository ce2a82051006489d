"""What a terminal is shown: tables, ages, times, and no character that it would obey."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NONE: Final = "-"
_LAST_MOMENT: Final = 253_402_300_799.0  # of the year 9999; ISO 8601 knows no later one

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def say(text: str, *, error: bool = False) -> None:
    """Print a text that is `printable` already, whatever the terminal's encoding is."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "ascii"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def say_json(document: dict[str, Any]) -> None:
    """Print a document in ASCII: there is nothing in it that a terminal would obey."""
    print(json.dumps(document, indent=2))


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Align columns, numbers to the right. Cells are made printable; None is shown as a dash."""
    cells = [list(headings), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [any(isinstance(row[i], int) for row in rows) for i in range(len(widths))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    )


def fields(named: Mapping[str, object]) -> str:
    """Show a value by line, each after its name."""
    width = max(map(len, named))
    return "\n".join(f"{name:<{width}}  {shown(value)}" for name, value in named.items())


def shown(value: object) -> str:
    return NONE if value is None or value == "" else printable(str(value))


def printable(text: str, *, but: str = "") -> str:
    r"""Escape what a terminal may obey or hide, as in \x1b; what is in `but` is left as it is."""
    return "".join(each if each.isprintable() or each in but else repr(each)[1:-1] for each in text)


def count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def age(seconds: float | None) -> str | None:
    """Return seconds in words: `850ms`, `42s`, `3m 12s`, `5h 07m`, `2d 03h`."""
    if seconds is None:
        return None
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours:02d}h"
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m {whole:02d}s" if minutes else f"{whole}s"


def seconds(length: float | None) -> float | None:
    """Return seconds as they are told in JSON, to the millisecond."""
    return None if length is None else round(length, 3)


def moment(at: float | None) -> str | None:
    """Return a Unix time as ISO 8601 in the zone of this machine, to the second."""
    return None if at is None else _iso(at).astimezone().isoformat(timespec="seconds")


def utc(at: float | None) -> str | None:
    """Return a Unix time as ISO 8601 in UTC, to the millisecond."""
    return None if at is None else _iso(at).isoformat(timespec="milliseconds")


def _iso(at: float) -> datetime:
    return datetime.fromtimestamp(min(max(at, 0.0), _LAST_MOMENT), UTC)
