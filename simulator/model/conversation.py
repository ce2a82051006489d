"""A conversation as the model sees it, whichever API brought it."""

from __future__ import annotations

from dataclasses import dataclass


class ConversationError(ValueError):
    """The request holds no conversation the API would take."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `images` are descriptions; `results` are what tools have returned."""

    role: str
    text: str
    images: tuple[str, ...] = ()
    results: tuple[ToolResult, ...] = ()

    @property
    def is_said(self) -> bool:
        """Tell whether a user says something here, and does not only hand results over."""
        return self.role == "user" and bool(self.text or self.images or not self.results)


@dataclass(frozen=True, slots=True)
class Tool:
    """`parameters` is a JSON schema of an object."""

    name: str
    parameters: dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks. `forced` names the tool that must be called."""

    model: str
    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    forced: str | None = None
    most_tokens: int | None = None

    def tool(self, name: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.name == name), None)
