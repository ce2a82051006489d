"""Something that is not done before somebody allows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """A tool that a model wants to use; `arguments` are shown to whoever decides."""

    id: str
    tool: str
    arguments: str
