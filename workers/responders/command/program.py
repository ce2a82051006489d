"""A program that answers: run once for every turn, with a time to live and a folder to work in."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import ConfigurationError, ModelRefused
from workers.responders.command.claude import Claude
from workers.responders.command.claude_result import SessionGone
from workers.responders.command.lines import Lines
from workers.responders.command.run import Order, running
from workers.responders.command.secrecy import keep_secrets
from workers.responders.command.workspaces import Workspaces
from workers.responders.exchange import in_words, written
from workers.responders.responder import Answer, footer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from shared.model.progress import Progress
    from shared.settings import Command as CommandSettings
    from workers.responders.command.run import Run
    from workers.responders.command.speech import Format, Said, Speech
    from workers.responders.responder import Query

_ALWAYS: Final = ("PATH", "HOME", "LANG", "TMPDIR", "TERM")
"""What every program finds in its environment, of that of the worker."""

_BETWEEN_READS: Final = 0.1
"""Seconds: what is printed meanwhile is read as one, and shown as one revision."""

_FORMATS: Final[dict[str, Callable[[tuple[str, ...]], Format]]] = {
    "claude": Claude,
    "lines": Lines,
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Program:
    """A `Responder`."""

    def __init__(self, settings: CommandSettings, asked_as: Format, workspaces: Workspaces) -> None:
        self._settings = settings
        self._format = asked_as
        self._workspaces = workspaces
        handed_on = (*_ALWAYS, *settings.environment)
        self._base = {name: os.environ[name] for name in handed_on if name in os.environ}

    async def answer(self, query: Query, revise: Callable[[Progress], None]) -> Answer:
        """Run the program and return what it says; see `Responder.answer`."""
        begun = time.monotonic()
        session = self._format.session(query.history)
        try:
            said = await self._said(query, session, revise)
        except SessionGone:
            log.info("session.gone", session=session)
            said = await self._said(query, "", revise)
        tokens = sum(used.tokens for used in said.usage)
        told = footer(said.model, time.monotonic() - begun, tokens)
        messages = in_words(query.prompt.text, said.progress.text)
        exchange = written(query.question, messages, session=said.session)
        return Answer(replace(said.progress, footer=told), exchange, said.usage)

    async def _said(self, query: Query, session: str, revise: Callable[[Progress], None]) -> Said:
        order = await asyncio.to_thread(self._order, query, session)
        speech = self._format.speech(session)
        try:
            async with asyncio.timeout(self._settings.seconds), running(order) as run:
                await self._listen(run, speech, revise)
                ending = await run.ending()
        except TimeoutError:
            raise ModelRefused("the program took too long") from None
        log.info(
            "run.ended",
            why=ending.why or "by itself",
            code=ending.code,
            skipped=speech.skipped,
            complained=ending.complained,
        )
        return speech.end(ending)

    async def _listen(self, run: Run, speech: Speech, revise: Callable[[Progress], None]) -> None:
        shown = speech.progress
        async with aclosing(run.pieces(most=self._settings.bytes)) as pieces:
            async for raw in pieces:
                speech.feed(raw)
                if (progress := speech.progress) != shown:
                    shown = progress
                    revise(progress)
                    await asyncio.sleep(_BETWEEN_READS)

    def _order(self, query: Query, session: str) -> Order:
        folder = self._workspaces.of(query.conversation)
        words = self._workspaces.prepare(folder, query.prompt, query.question)
        return Order(
            run=tuple(_argument(each) for each in self._format.run(query, session)),
            prompt=self._format.prompt(query, words, session),
            folder=str(folder),
            processes=self._settings.processes,
            base=self._base,
            environment={
                "LARKSPUR_CONVERSATION": query.conversation,
                "LARKSPUR_CHAT": query.chat,
                "LARKSPUR_USER": query.user,
                "LARKSPUR_SESSION": session,
                "LARKSPUR_INSTRUCTIONS": _argument(query.instructions or ""),
            },
        )


@asynccontextmanager
async def connected(settings: CommandSettings) -> AsyncIterator[Program]:
    """Have a program answer, until the end of the block.

    Raises:
        ConfigurationError: there is none, or no place for it to work in.
    """
    yield await asyncio.to_thread(_prepared, settings)


def _prepared(settings: CommandSettings) -> Program:
    run = _found(settings.run)
    workspaces = Workspaces(settings.workspaces)
    keep_secrets()
    return Program(settings, _FORMATS[settings.format](run), workspaces)


def _found(run: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command line with the path of its program: it is run in other folders."""
    if not run:
        raise ConfigurationError("LARKSPUR_COMMAND__RUN: is not set")
    path = shutil.which(run[0])
    if path is None:
        raise ConfigurationError(f"LARKSPUR_COMMAND__RUN: there is no program {run[0]!r}")
    return (os.path.abspath(path), *run[1:])  # noqa: PTH100 - a link stays one: busybox, venv


def _argument(text: str) -> str:
    """Return what can be an argument, or in the environment."""
    return text.replace("\0", "")
