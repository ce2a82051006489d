"""A rules file, read: its rules, or every fault of it in one line."""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from shared.errors import ConfigurationError
from workers.policy.rules import ChatTable, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

SETTING: Final = "LARKSPUR_RULES"

_OF_A_KEY: Final = "[key]"
"""What pydantic ends the place with where a key of a table is wrong, not its value."""


def read_rules(path: Path) -> Rules:
    """Read a rules file and the files of instructions that it names. It blocks.

    Raises:
        ConfigurationError: one line for every fault.
    """
    try:
        rules = Rules.model_validate(tomllib.loads(_text(path, path)))
    except ValidationError as error:
        lines = [_line(path, _said(fault)) for fault in error.errors()]
        raise ConfigurationError("\n".join(lines)) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(_line(path, str(error))) from error
    chats = {chat: _instructed(table, path) for chat, table in rules.chat.items()}
    return rules.model_copy(update={"chat": chats})


def _instructed(table: ChatTable, path: Path) -> ChatTable:
    if table.instructions_file is None:
        return table
    text = _text(path.parent / table.instructions_file, path)
    return table.model_copy(update={"instructions": text.strip()})


def _text(file: Path, path: Path) -> str:
    try:
        return file.read_bytes().decode()
    except OSError as error:
        raise ConfigurationError(_line(path, f"{file.name}: {error.strerror}")) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(_line(path, f"{file.name}: is not UTF-8")) from error


def _line(path: Path, fault: str) -> str:
    return f"{SETTING}: {path.name}: {fault}"


def _said(fault: ErrorDetails) -> str:
    """Tell a fault without the value, which is nobody's business in a log."""
    place = [each for each in fault["loc"] if each != _OF_A_KEY]
    name = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place)
    if fault["type"] != "extra_forbidden":
        return f"{name.removeprefix('.')}: {fault['msg']}"
    nearest = difflib.get_close_matches(str(place[-1]), _keys(place[:-1]), n=1, cutoff=0.0)
    return f"{name.removeprefix('.')}: no such key; did you mean {nearest[0]}?"


def _keys(place: Sequence[Any]) -> Iterable[str]:
    """Return the keys of the table at a place."""
    tables = {**dict(Rules()), "chat": ChatTable()}
    return dict(tables[place[0]]) if place else tables
