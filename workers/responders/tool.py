"""Declaring what a model may do: plain functions, in modules that LARKSPUR_MODEL__TOOLS names.

    from workers.responders.tool import tool

    @tool
    async def stock(product: str) -> int:
        \"\"\"Return how many of a product are in stock.\"\"\"

    @tool(dangerous=True)
    async def delete_order(number: str) -> str:
        \"\"\"Delete an order for good.\"\"\"

The model reads the name, the docstring and the types. A dangerous tool is used only once somebody
in the chat has allowed it. A first parameter `ctx: RunContext[Query]` (pydantic-ai's) tells who
asks, and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from shared.errors import ConfigurationError
from shared.modules import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Function = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call."""

    function: Function
    dangerous: bool = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def name(self) -> str:
        return self.function.__name__


@overload
def tool(function: Function, /) -> Tool: ...
@overload
def tool(*, dangerous: bool = False) -> Callable[[Function], Tool]: ...
def tool(
    function: Function | None = None, /, *, dangerous: bool = False
) -> Tool | Callable[[Function], Tool]:
    """Declare a tool."""
    if function is not None:
        return Tool(function)
    return lambda declared: Tool(declared, dangerous)


def load(modules: Iterable[str]) -> list[Tool]:
    """Return the tools that modules declare.

    Raises:
        ConfigurationError: one cannot be imported, declares none, or one that there is already.
    """
    found: dict[str, Tool] = {}
    for module in modules:
        declared = [each for each in members("LARKSPUR_MODEL__TOOLS", module) if type(each) is Tool]
        if not declared:
            raise ConfigurationError(f"LARKSPUR_MODEL__TOOLS: {module}: declares no tool")
        for each in declared:
            if found.setdefault(each.name, each) is not each:
                raise ConfigurationError(
                    f"LARKSPUR_MODEL__TOOLS: {module}: {each.name}: there is a tool of that name"
                )
    return [*found.values()]
