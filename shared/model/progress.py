"""An answer on its way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """An answer as far as it is written.

    `thoughts` are what the model said to itself before; `steps` are the tools it used, one line
    each; `footer` is a line about a finished answer.
    """

    text: str = ""
    thoughts: str = ""
    steps: tuple[str, ...] = ()
    footer: str = ""
