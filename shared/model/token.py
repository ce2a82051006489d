"""An access token."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A token and how many seconds it is good for; empty if there is none."""

    value: str = ""
    seconds: float = 0.0

    def __repr__(self) -> str:
        return f"Token(seconds={self.seconds})"
