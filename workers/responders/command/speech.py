"""What a program prints, understood: the port of the formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.model.progress import Progress
    from shared.model.usage import Usage
    from workers.responders.command.run import Ending
    from workers.responders.responder import Query


@dataclass(frozen=True, slots=True)
class Said:
    """A whole answer; `session` is what the program calls the conversation."""

    progress: Progress
    model: str
    session: str = ""
    usage: tuple[Usage, ...] = ()


class Speech(Protocol):
    """What one run prints."""

    skipped: int
    """How many lines were not understood."""

    @property
    def progress(self) -> Progress:
        """All that can be shown so far."""

    def feed(self, raw: bytes) -> None:
        """Add what has come; it may end anywhere."""

    def end(self, ending: Ending) -> Said:
        """Return the whole answer, once the run is over.

        Raises:
            ModelUnavailable, ModelRefused: there is none.
        """


class Format(Protocol):
    """A way of asking a program, and of hearing its answer."""

    def session(self, history: Sequence[bytes]) -> str:
        """Return the session to go on with; empty if a new one is to begin."""

    def run(self, query: Query, session: str) -> tuple[str, ...]:
        """Return the command line."""

    def prompt(self, query: Query, words: str, session: str) -> str:
        """Return what the program reads of a question in these words."""

    def speech(self, session: str) -> Speech:
        """Listen to a new run."""
