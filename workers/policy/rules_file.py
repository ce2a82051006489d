"""The rules that count now: those of a file, which is read again while the worker runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Self

import structlog

from shared.errors import ConfigurationError
from workers.policy.reading import read_rules
from workers.policy.rules import Rules

if TYPE_CHECKING:
    from pathlib import Path

EVERY: Final = 2.0
"""Seconds between two looks.

What is looked at is what the files hold: a mounted ConfigMap is a symbolic link that is swapped,
and its new files may be older than the ones before.
"""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class RulesFile:
    """The last rules that were right; without a file, those that need none."""

    def __init__(self, path: Path | None, rules: Rules) -> None:
        self.current = rules
        self._path = path
        self._refused = ""

    @classmethod
    async def opened(cls, path: Path | None) -> Self:
        """Read a file for the first time.

        Raises:
            ConfigurationError: one line for every fault.
        """
        if path is None:
            return cls(None, Rules())
        rules = await asyncio.to_thread(read_rules, path)
        log.info("rules.loaded")
        return cls(path, rules)

    async def run(self, *, every: float = EVERY) -> None:
        """Look whether they have changed, for ever."""
        while True:
            await asyncio.sleep(every)
            await self.look()

    async def look(self) -> None:
        """Let what the file says now count, if it is right; a fault is told once."""
        if self._path is None:
            return
        try:
            rules = await asyncio.to_thread(read_rules, self._path)
        except ConfigurationError as error:
            if str(error) != self._refused:
                log.error("rules.refused", reason=str(error))  # noqa: TRY400 - it says it all
            self._refused = str(error)
            return
        self._refused = ""
        if rules != self.current:
            self.current = rules
            log.info("rules.loaded")
