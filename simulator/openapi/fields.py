"""Reading the parameters of a call, and refusing what is not there (generic-error-code)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.openapi.errors import bad_field

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def text_field(asked: Mapping[str, Any], field: str) -> str:
    """Return a required string.

    Raises:
        ApiError: it is missing, empty or no string.
    """
    found = asked.get(field)
    if not isinstance(found, str) or not found:
        raise bad_field(field)
    return found


def optional_text_field(asked: Mapping[str, Any], field: str, longest: int) -> str | None:
    """Return an optional string of at most `longest` characters; empty counts as absent.

    Raises:
        ApiError: it is no string, or longer.
    """
    found = asked.get(field)
    if found is None or found == "":
        return None
    if not isinstance(found, str) or len(found) > longest:
        raise bad_field(field)
    return found


def choice(asked: Mapping[str, str], field: str, choices: Collection[str], default: str) -> str:
    """Return one of `choices`.

    Raises:
        ApiError: it is something else.
    """
    found = asked.get(field, default)
    if found not in choices:
        raise bad_field(field)
    return found


def number(asked: Mapping[str, str], field: str, default: int, most: int) -> int:
    """Return a whole number of at least 1 and at most `most`.

    Raises:
        ApiError: it is something else.
    """
    found = asked.get(field, str(default))
    if not found.isdecimal() or not 1 <= int(found[:10]) <= most:
        raise bad_field(field)
    return int(found)
