"""The fields of cardkit's request bodies; what does not fit is 10002."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from simulator.world.card_refusals import refused

LARGEST_INT32: Final = 2**31 - 1
LONGEST_UUID: Final = 64
LONGEST_SETTINGS: Final = 100_000
LONGEST_TEXT: Final = 100_000
LONGEST_JSON: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """Which change of a card this is; `sequence` grows with every one."""

    sequence: int
    uuid: str | None


def order(asked: dict[str, Any]) -> Order:
    """Read what every change has.

    Raises:
        ApiError: 10002.
    """
    sequence = asked.get("sequence")
    # A bool is an int to Python, and not to the platform.
    if type(sequence) is not int or not 1 <= sequence <= LARGEST_INT32:
        raise refused(10002, "sequence must be a positive int32")
    uuid = asked.get("uuid")
    if uuid is None or uuid == "":
        return Order(sequence, None)
    return Order(sequence, text(asked, "uuid", LONGEST_UUID))


def text(asked: dict[str, Any], name: str, longest: int) -> str:
    """Return a string of 1 to `longest` characters.

    Raises:
        ApiError: 10002.
    """
    found = asked.get(name)
    if not isinstance(found, str) or not 1 <= len(found) <= longest:
        raise refused(10002, f"{name} must be a string of 1 to {longest} characters")
    return found


def optional_text(asked: dict[str, Any], name: str, longest: int) -> str | None:
    """Return a string of at most `longest` characters, None for none.

    Raises:
        ApiError: 10002.
    """
    return None if asked.get(name) in (None, "") else text(asked, name, longest)


def json_text(asked: dict[str, Any], name: str, longest: int = LONGEST_JSON) -> Any:
    """Return what a string of JSON holds.

    Raises:
        ApiError: 10002.
    """
    try:
        return orjson.loads(text(asked, name, longest))
    except orjson.JSONDecodeError:
        raise refused(10002, f"{name} must be a string of JSON") from None
