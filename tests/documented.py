"""Pages of documentation, followed to the letter: their commands are run, as they stand."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from cli.testing import running
from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
_BLOCK: Final = re.compile(r"^( *)```(\w+)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"# (\S+\.(?:py|toml|md))\n")
_UP: Final = "larkspur up"
_LOOK: Final = "larkspur sim show"


class Step(NamedTuple):
    """Commands for a shell, and lines that are then to be read; or what a `file` is to hold."""

    commands: str
    lines: list[str]
    file: str = ""


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the fenced blocks of a page: their language and their text."""
    found = []
    for indent, language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines()]
        found.append((language, "\n".join(lines)))
    return found


def steps(page: Path) -> Iterator[Step]:
    """Yield what a page has one do, in order; what is to be read belongs to what is above it."""
    waiting: Step | None = None
    for language, text in blocks(page):
        if language == "text" and waiting:
            waiting.lines.extend(text.splitlines())
            continue
        if waiting:
            yield waiting
        waiting = None
        if language == "sh":
            waiting = Step(text, [])
        elif file := _FILE.match(text):
            waiting = Step(text, [], file[1])
    if waiting:
        yield waiting


def follow(page: Path, folder: Path, **more: str) -> None:
    """Do what a page says, in a folder: write its files, start what it starts, run the rest."""
    environment: dict[str, str] = {}
    with ExitStack() as stack:
        for step in steps(page):
            if step.file:
                file = folder / step.file
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(f"{step.commands}\n", encoding="utf-8")
            elif step.commands.endswith(_UP):
                words = shlex.split(step.commands.removesuffix(_UP))
                settings = {**dict(word.split("=", 1) for word in words), **more}
                bot = stack.enter_context(running(folder, **settings))
                path = f"{Path(sys.executable).parent}:{bot.environment['PATH']}"
                environment = {**bot.environment, "PATH": path}
            else:
                _take(step, folder, environment)


def _take(step: Step, folder: Path, environment: dict[str, str]) -> None:
    """Run a step's commands. A last one that only looks may have to look again."""
    *deeds, look = step.commands.splitlines()
    if not look.startswith(_LOOK):
        said = _run(step.commands, folder, environment)
        assert _missing(said, step) == [], said
        return
    if deeds:
        _run("\n".join(deeds), folder, environment)
    seen = ""

    def shown() -> bool:
        nonlocal seen
        seen = _run(look, folder, environment)
        return not _missing(seen, step)

    try:
        eventually(shown)
    except AssertionError:
        raise AssertionError(f"{look}\n{seen}\nlacks {_missing(seen, step)}") from None


def _missing(said: str, step: Step) -> list[str]:
    """Return the lines that were not printed, whatever marks them."""
    plain = said.replace("`", "").replace("*", "")
    return [line for line in step.lines if line not in plain]


def _run(commands: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-ec", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout
