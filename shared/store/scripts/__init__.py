"""The atomic steps, one Lua file each, each with its keyspace at its head.

A step that is called with another number of keys than its head names answers an error before it
writes anything: the heads are true.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

_FILES: Final = {
    file.name.removesuffix(".lua"): file.read_text()
    for file in files(__package__).iterdir()
    if file.name.endswith(".lua")
}
_INCLUDE: Final = re.compile(r"^-- include (\w+)\.lua$", re.MULTILINE)
_KEYSPACE: Final = re.compile(r"^-- KEYS (.*?)^-- ARGV ", re.MULTILINE | re.DOTALL)
_KEY: Final = re.compile(r"\d+ \w")


def keys_of(text: str) -> int:
    """Return how many keys a script's head names; 0 for what is only included by others."""
    keyspace = _KEYSPACE.search(text)
    return len(_KEY.findall(keyspace[1])) if keyspace else 0


def _source(name: str, text: str) -> str:
    number = keys_of(text)
    refusal = f"'ERR {name}.lua takes {number} keys, not ' .. #KEYS"
    guard = f"if #KEYS ~= {number} then return redis.error_reply({refusal}) end\n"
    return guard + _INCLUDE.sub(lambda found: _FILES[found[1]], text)


SOURCES: Final = {name: _source(name, text) for name, text in _FILES.items() if keys_of(text)}
"""The scripts by name, read when this module is: no event loop waits for a disk."""
