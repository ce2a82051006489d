"""Text on its way out: fit for JSON, in pieces that a card or a message can hold. Pure."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import orjson

LARGEST: Final = 24 * 1024
"""Bytes of a piece as JSON writes it. A card may have 30 KB, with all that is in it (facts 3)."""

_BORDERS: Final = ("\n\n", "\n", "。", ". ", " ")


def outgoing(text: str) -> list[str]:
    """Return an answer as the pieces it is sent in, at least one; only the last can be blank."""
    return split(writable(text).rstrip())


def split(text: str, largest: int = LARGEST) -> list[str]:
    """Cut a text where a paragraph ends, else a line, a sentence, a word; joined it is whole again.

    `largest` is in bytes as JSON writes them; a single character is never cut.
    """
    pieces = []
    while size(text) > largest and len(text) > 1:
        end = _border(text, _room(text, largest))
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def size(text: str) -> int:
    return len(orjson.dumps(text))


def _room(text: str, largest: int) -> int:
    """Return how many characters from the beginning fit, at least one."""
    lengths = range(1, min(len(text), largest))
    return max(1, bisect_right(lengths, largest, key=lambda length: size(text[:length])))


def _border(text: str, most: int) -> int:
    """Return where to cut: in the second half of what fits, or after all of it."""
    for mark in _BORDERS:
        found = text.rfind(mark, most // 2, most)
        if found >= 0:
            return found + len(mark)
    return most


def writable(text: str) -> str:
    """Half a surrogate pair, which UTF-8 cannot write, becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
