"""What a model is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came with a question; `kind` is its MIME type."""

    kind: str
    content: bytes

    def __repr__(self) -> str:
        return f"Picture({self.kind}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Prompt:
    """Words, and the pictures that belong to them."""

    text: str
    pictures: tuple[Picture, ...] = ()
