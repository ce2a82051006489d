"""What an agent may use: the team's functions and MCP servers, within limits."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Self

import orjson
import structlog
from pydantic_ai.exceptions import (
    ApprovalRequired,
    CallDeferred,
    ModelRetry,
    ToolFailed,
    ToolFailedError,
    ToolRetryError,
)
from pydantic_ai.tools import Tool
from pydantic_ai.toolsets import CombinedToolset, FunctionToolset, WrapperToolset

from shared.errors import ConfigurationError, ModelUnavailable
from workers.responders.responder import Query
from workers.responders.tool import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic_ai import RunContext
    from pydantic_ai.tools import ToolDefinition
    from pydantic_ai.toolsets import AbstractToolset, ToolsetTool

    from shared.settings import Model as ModelSettings

_LONGEST: Final = 64 * 1024
"""Characters of a tool's result that the model is shown."""

_MEANT: Final = (
    ModelRetry,
    ToolFailed,
    ToolFailedError,
    ToolRetryError,
    ApprovalRequired,
    CallDeferred,
)

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def tools(settings: ModelSettings) -> AbstractToolset[Query] | None:
    """Return all that the settings name, or None if that is nothing.

    Raises:
        ConfigurationError: a module or the file of servers is no good.
    """
    sets: list[AbstractToolset[Query]] = []
    if declared := load(settings.tools):
        functions = [Tool(each.function, requires_approval=each.dangerous) for each in declared]
        sets.append(FunctionToolset(functions))
    if settings.mcp is not None:
        sets += _servers(settings.mcp)
    if not sets:
        return None
    bounded = Bounded(CombinedToolset(sets), seconds=settings.tool_seconds)
    if not settings.ask_first:
        return bounded
    return bounded.approval_required(_named(settings.ask_first))


@dataclass
class Bounded(WrapperToolset[Query]):
    """Tools that cannot fail a turn: the model is told of whatever goes wrong with them."""

    seconds: float = field(kw_only=True)

    async def __aenter__(self) -> Self:
        """Reach the servers.

        Raises:
            ModelUnavailable: one is away.
        """
        with _reached():
            return await super().__aenter__()

    async def get_tools(self, ctx: RunContext[Query]) -> dict[str, ToolsetTool[Query]]:
        """Return what there is to use.

        Raises:
            ModelUnavailable: a server is away.
        """
        with _reached():
            return await super().get_tools(ctx)

    async def call_tool(
        self,
        name: str,
        tool_args: dict[str, Any],
        ctx: RunContext[Query],
        tool: ToolsetTool[Query],
    ) -> Any:
        """Call a tool for `seconds` at most; cut what is longer than a model should read."""
        call = asyncio.ensure_future(self.wrapped.call_tool(name, tool_args, ctx, tool))
        try:
            # Not a timeout around it: a function in a thread cannot be cancelled, only left.
            done, _ = await asyncio.wait([call], timeout=self.seconds)
        except asyncio.CancelledError:
            call.cancel()
            raise
        if not done:
            call.cancel()
            log.warning("tool.late", tool=name, seconds=self.seconds)
            raise ToolFailed(f"no result within {self.seconds:.0f} s")
        return self._result(name, call)

    def _result(self, name: str, call: asyncio.Future[Any]) -> Any:
        try:
            return _cut(call.result())
        except _MEANT:
            raise
        except Exception as error:  # the team's code runs, and may raise anything
            log.warning("tool.failed", tool=name, error=type(error).__name__)
            raise ToolFailed(f"the tool failed: {type(error).__name__}") from error


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever a server of tools, or its program, comes up with
        reason = f"a server of tools: {type(error).__name__}"
        raise ModelUnavailable(reason) from error


def _cut(result: Any) -> Any:
    if isinstance(result, str):
        return result if len(result) <= _LONGEST else f"{result[:_LONGEST]}\n[cut]"
    written = str(result)
    return result if len(written) <= _LONGEST else f"{written[:_LONGEST]}\n[cut]"


def _named(patterns: Sequence[str]) -> Any:
    def asks(_: RunContext[Query], tool: ToolDefinition, __: dict[str, Any]) -> bool:
        return any(fnmatchcase(tool.name, pattern) for pattern in patterns)

    return asks


def _servers(path: Path) -> Sequence[AbstractToolset[Query]]:
    from pydantic_ai.mcp import load_mcp_toolsets  # noqa: PLC0415 - a second, and 40 MB

    try:
        loaded = load_mcp_toolsets(path)
        _require_programs(orjson.loads(path.read_bytes())["mcpServers"])
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ConfigurationError(f"LARKSPUR_MODEL__MCP: {path}: {reason}") from error
    return loaded


def _require_programs(servers: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse a server whose program is not there.

    Raises:
        ValueError: one.
    """
    for name, server in servers.items():
        program = server.get("command")
        if program and "${" not in program and shutil.which(program) is None:
            raise ValueError(f"{name}: there is no program {program!r}")
