"""What a user's text asks of the model by the convention of this package."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

WISH: Final = re.compile(r"#(tool|think|pace|length) (.+)")
LENGTH: Final = re.compile(r"[0-9]{1,6}")
LONGEST_PACE: Final = 3600.0
MOST_TOKENS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """`said` is the text without its wishes; a line that is no good wish stays in it."""

    said: str
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    thoughts: str = ""
    first_token_delay: float | None = None
    tokens_per_second: float | None = None
    length: int | None = None


@dataclass(slots=True)
class _Reading:
    wishes: Wishes
    said: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        wish = WISH.fullmatch(line.strip())
        granted = _granted(self.wishes, wish[1], wish[2]) if wish else None
        if granted is None:
            self.said.append(line)
        else:
            self.wishes = granted


def read_wishes(text: str) -> Wishes:
    reading = _Reading(Wishes(""))
    for line in text.split("\n"):
        reading.take(line)
    return replace(reading.wishes, said="\n".join(reading.said))


def _granted(wishes: Wishes, kind: str, wish: str) -> Wishes | None:
    match kind:
        case "tool":
            call = _call(wish)
            return replace(wishes, calls=(*wishes.calls, call)) if call else None
        case "think":
            return replace(wishes, thoughts=f"{wishes.thoughts} {wish}".strip())
        case "pace":
            return _paced(wishes, wish.split())
        case _:
            length = int(wish) if LENGTH.fullmatch(wish) else 0
            return replace(wishes, length=length) if 1 <= length <= MOST_TOKENS else None


def _call(wish: str) -> tuple[str, dict[str, Any]] | None:
    name, _, written = wish.partition(" ")
    try:
        arguments = orjson.loads(written or "{}")
        orjson.dumps(arguments)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # it reads deeper than it writes
        return None
    return (name, arguments) if isinstance(arguments, dict) else None


def _paced(wishes: Wishes, words: list[str]) -> Wishes | None:
    try:
        delay, rate = (float(word) for word in words)
    except ValueError:
        return None
    if not (0 <= delay <= LONGEST_PACE and rate > 0):
        return None
    return replace(wishes, first_token_delay=delay, tokens_per_second=rate)
