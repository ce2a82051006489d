"""The words behind a command, as the arguments of its function. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.model.language import Language
    from workers.handlers.declared import Declared
    from workers.handlers.injection import Argument

_WORD: Final = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_BOOLEANS: Final = {
    **dict.fromkeys(("yes", "true", "on", "1", "是", "开"), True),
    **dict.fromkeys(("no", "false", "off", "0", "否", "关"), False),
}
_USAGE: Final[dict[Language, str]] = {"zh": "用法：", "en": "Usage: "}


@dataclass(frozen=True, slots=True)
class Misuse:
    """The words do not fit; `synopsis` is how the command is used: `/weather <city>`."""

    synopsis: str

    def said(self, language: Language) -> str:
        """Return the sentence for who wrote them."""
        return f"{_USAGE[language]}`{self.synopsis}`"


class _Unfit(Exception):
    """A word is not of its type, or there is none."""


def parse_arguments(declared: Declared, text: str) -> Mapping[str, Any] | Misuse:
    """Return the arguments by their names, or how the command is used.

    Words are apart by spaces, or in quotes. The last argument, if it is a `str`, takes all that is
    left, and so does `*rest`.
    """
    arguments = declared.arguments
    found: dict[str, Any] = {}
    rest = text.strip()
    try:
        for argument in arguments:
            last = argument is arguments[-1]
            found[argument.parameter.name], rest = _taken(argument, rest, last=last)
    except _Unfit:
        return Misuse(synopsis(declared))
    return Misuse(synopsis(declared)) if rest else found


def synopsis(declared: Declared) -> str:
    """Return how a command is written: `/remind <minutes> [text]`."""
    return " ".join([f"/{declared.name}", *map(_shown, declared.arguments)])


def words(text: str) -> list[str]:
    return [_spoken(word) for word in _WORD.finditer(text)]


def _taken(argument: Argument, text: str, *, last: bool) -> tuple[Any, str]:
    """Return an argument's value, and what is left of the words."""
    if argument.takes_the_rest:
        return [_read(word, argument) for word in words(text)], ""
    if not (word := _WORD.match(text)):
        if not argument.optional:
            raise _Unfit
        return argument.parameter.default, ""
    if last and argument.type is str:
        return _whole(text), ""
    return _read(_spoken(word), argument), text[word.end() :].lstrip()


def _shown(argument: Argument) -> str:
    name = argument.parameter.name
    if argument.takes_the_rest:
        return f"[{name}…]"
    return f"[{name}]" if argument.optional else f"<{name}>"


def _spoken(word: re.Match[str]) -> str:
    return next(each for each in word.groups() if each is not None)


def _whole(text: str) -> str:
    """What is one word in quotes is without them."""
    spoken: Sequence[str] = words(text)
    return spoken[0] if len(spoken) == 1 else text


def _read(word: str, argument: Argument) -> Any:
    if argument.type is bool:
        if (said := _BOOLEANS.get(word.casefold())) is None:
            raise _Unfit
        return said
    try:
        read = argument.type(word)
    except ValueError as error:
        raise _Unfit from error
    if isinstance(read, float) and not math.isfinite(read):
        raise _Unfit
    return read
