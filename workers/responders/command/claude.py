"""The format `claude`: how Claude Code is asked, and what is made of the history it has not got.

https://docs.claude.com/en/docs/claude-code/cli-reference
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workers.responders.command.claude_lines import ClaudeLines
from workers.responders.exchange import read, session_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.responders.responder import Query

_ASKED: Final = (
    *("-p", "--output-format", "stream-json", "--verbose", "--include-partial-messages"),
)
_SESSION: Final = re.compile(r"[0-9a-fA-F][0-9a-fA-F-]{7,63}")  # and never an option
_WHO: Final = {"user": "User", "assistant": "You"}


class Claude:
    """A `Format`."""

    def __init__(self, run: tuple[str, ...]) -> None:
        self._run = run

    def session(self, history: Sequence[bytes]) -> str:
        session = session_of(history)
        return session if _SESSION.fullmatch(session) else ""

    def run(self, query: Query, session: str) -> tuple[str, ...]:
        resumed = ("--resume", session) if session else ()
        told = ("--append-system-prompt", query.instructions) if query.instructions else ()
        return (*self._run, *_ASKED, *resumed, *told)

    def prompt(self, query: Query, words: str, session: str) -> str:
        """Put the past in words before a question that begins a session."""
        past = [] if session else [said for each in read(query.history) for said in each.said]
        if not past:
            return words
        told = "\n\n".join(f"{_WHO[said.role]}: {said.content}" for said in past)
        return f"What was said in this conversation before:\n\n{told}\n\nNow: {words}"

    def speech(self, session: str) -> ClaudeLines:  # noqa: ARG002 - it tells its own
        return ClaudeLines()
