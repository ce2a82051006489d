"""The atomic steps, one Lua file each, each with its keyspace at its head."""

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

SOURCES: Final = {
    name: _INCLUDE.sub(lambda found: _FILES[found[1]], text) for name, text in _FILES.items()
}
"""The scripts by name, read when this module is: no event loop waits for a disk."""
