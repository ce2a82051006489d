"""The format `lines`: a program reads a question and prints an answer."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from shared.errors import ModelRefused
from shared.model.progress import Progress
from workers.responders.command.speech import Said
from workers.responders.exchange import session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.responders.command.run import Ending
    from workers.responders.responder import Query

_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tabs and newlines


class Lines:
    """A `Format`. Its sessions are names that we make up: one for as long as there is a history."""

    def __init__(self, run: tuple[str, ...]) -> None:
        self._run = run

    def session(self, history: Sequence[bytes]) -> str:
        return session_of(history) or str(uuid4())

    def run(self, query: Query, session: str) -> tuple[str, ...]:  # noqa: ARG002 - the same for all
        return self._run

    def prompt(self, query: Query, words: str, session: str) -> str:  # noqa: ARG002 - nothing more
        return words

    def speech(self, session: str) -> SpokenLines:
        return SpokenLines(Path(self._run[0]).name, session)


class SpokenLines:
    """A `Speech`: all that is printed is the answer."""

    def __init__(self, program: str, session: str = "") -> None:
        self.skipped = 0
        self._program = program
        self._session = session
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._pieces: list[str] = []

    @property
    def progress(self) -> Progress:
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return Progress("".join(self._pieces).strip("\n"))

    def feed(self, raw: bytes) -> None:
        self._add(self._decoder.decode(raw))

    def end(self, ending: Ending) -> Said:
        self._add(self._decoder.decode(b"", final=True))
        if ending.fault:
            raise ending.fault
        progress = self.progress
        if not progress.text.strip():
            raise ModelRefused("the program returned nothing")
        return Said(progress, self._program, self._session)

    def _add(self, text: str) -> None:
        if text:
            self._pieces.append(_UNSEEN.sub("", text))
