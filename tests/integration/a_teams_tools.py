"""Tools as a team declares them, well-behaved and not."""

from __future__ import annotations

import asyncio
import time

from pydantic_ai import ModelRetry, RunContext

from workers.responders.responder import Query  # noqa: TC001 - pydantic-ai reads the types
from workers.responders.tool import tool

LEFT: list[str] = []


@tool
def stock(product: str) -> str:
    """Return how many of a product are in stock."""
    return f"7 {product}"


@tool
async def who(ctx: RunContext[Query]) -> str:
    """Return who asks."""
    return ctx.deps.user


@tool(dangerous=True)
async def delete_order(number: str) -> str:
    """Delete an order for good."""
    LEFT.append(number)
    return f"order {number} is gone"


@tool
async def broken() -> str:
    """Fail."""
    raise LookupError("a secret of the team's")


@tool
async def picky() -> str:
    """Never be content."""
    raise ModelRetry("not like that")


@tool
async def slow() -> str:
    """Take for ever."""
    await asyncio.Event().wait()
    return ""


@tool
def stuck() -> str:
    """Hang in a thread."""
    time.sleep(2)
    return ""


@tool
async def huge() -> str:
    """Return ten megabytes."""
    return "x" * 10_000_000
