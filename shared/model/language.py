"""The languages that the bot's own words are in."""

from __future__ import annotations

import re
from typing import Final, Literal

Language = Literal["zh", "en"]

_CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def language_of(text: str) -> Language | None:
    """Return the language to answer a text in: Chinese if a fifth of its letters is, else English.

    A Chinese sentence is full of names in Latin letters, and one of its characters says a word.
    None if it has no letters.
    """
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    return "zh" if len(_CHINESE.findall(text)) * 5 >= letters else "en"
