"""A person on call: runs `larkspur` beside the processes of a stage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stage import Stage


class Said(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Operator:
    """Asks by commands, as scripts do: there is no terminal."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder

    def run(self, *arguments: str, **environment: str) -> Said:
        ended = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            env={**os.environ, **self._stage.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd=self._folder,
            timeout=PATIENCE,
        )
        return Said(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def ask(self, *arguments: str) -> Any:
        """Return the JSON document that a command prints."""
        said = self.run(*arguments, "--json")
        assert said.code == 0, said
        return json.loads(said.out)

    def answer_at_a_terminal(self, answer: str, *arguments: str) -> Said:
        """Run a command that asks something, and type an answer."""
        ours, theirs = os.openpty()
        try:
            os.write(ours, answer.encode() + b"\n")
            ended = subprocess.run(
                [sys.executable, "-m", "cli", *arguments],
                env={**os.environ, **self._stage.environment},
                stdin=theirs,
                capture_output=True,
                check=False,
                cwd=self._folder,
                timeout=PATIENCE,
            )
        finally:
            os.close(ours)
            os.close(theirs)
        return Said(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def letters(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many dead letters, and return them."""

        def found() -> list[dict[str, Any]]:
            there: list[dict[str, Any]] = self.ask("dead-letters", "list")["dead_letters"]
            return there if len(there) == count else []

        return eventually(found)

    def running(self) -> str:
        """Wait until a conversation runs that has a message to show; return its name."""

        def found() -> str:
            for one in self.ask("conversations", "list", "--state", "running")["conversations"]:
                name = str(one["conversation"])
                draft = self.ask("conversations", "show", name)["draft"]
                if draft and draft["message"]:
                    return name
            return ""

        return eventually(found)
