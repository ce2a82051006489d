"""The atomic steps, one Lua file each, each with its keyspace at its head."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

SOURCES: Final = {
    file.name.removesuffix(".lua"): file.read_text()
    for file in files(__package__).iterdir()
    if file.name.endswith(".lua")
}
"""The scripts by name, read when this module is: no event loop waits for a disk."""
