"""`on`: how a team declares what its bot does. Nothing is checked before the modules are loaded.

    from workers.handlers import on

    @on("contact.user.created_v3")
    async def welcome(event, feishu):
        await feishu.send_text(event.user.open_id, f"Welcome, {event.user.name}!")

A decorated function is still that function: it can be called, and tested, as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    F = TypeVar("F", bound=Callable[..., Any])

Kind = Literal["event", "command", "card_action", "message", "schedule"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was written above a function. `name` is that of an event type, a command, ..."""

    kind: Kind
    name: str
    function: Callable[..., Any]
    help: str = ""
    admins: bool = False
    unlisted: bool = False
    chat_type: str | None = None
    contains: str | None = None
    matches: str | re.Pattern[str] | None = None

    @property
    def spelt(self) -> str:
        """How it is written."""
        of = "" if self.kind == "event" else f".{self.kind}"
        return f"@on{of}" if self.kind == "message" else f'@on{of}("{self.name}")'


class On:
    """Notes declarations, in the order in which they are made."""

    def __init__(self) -> None:
        self.declared: list[Declaration] = []

    def __call__(self, event_type: str, *, unlisted: bool = False) -> Callable[[F], F]:
        """Handle events of a type. `unlisted` allows one that this release does not know."""
        return self._noting("event", event_type, unlisted=unlisted)

    def command(self, name: str, help: str = "", *, admins: bool = False) -> Callable[[F], F]:  # noqa: A002 - it is shown by /help
        """Answer messages that begin with `/name`; with `admins` only theirs."""
        return self._noting("command", name, help=help, admins=admins)

    def card_action(self, name: str) -> Callable[[F], F]:
        """Handle presses whose value says `{"action": name}`, or of a component of that name."""
        return self._noting("card_action", name)

    def message(
        self,
        *,
        chat_type: Literal["p2p", "group"] | None = None,
        contains: str | None = None,
        matches: str | re.Pattern[str] | None = None,
    ) -> Callable[[F], F]:
        """Answer messages that are like this in every respect; the first declared comes first."""
        return self._noting("message", "", chat_type=chat_type, contains=contains, matches=matches)

    def schedule(self, name: str) -> Callable[[F], F]:
        """Run whenever the schedule of that name is due (LARKSPUR_SCHEDULES)."""
        return self._noting("schedule", name)

    def _noting(self, kind: Kind, name: str, **more: Any) -> Callable[[F], F]:
        if callable(name):
            of = "@on" if kind == "event" else f"@on.{kind}"
            raise TypeError(f'{of} takes a name: {of}("...")')

        def note(function: F) -> F:
            self.declared.append(Declaration(kind, name, function, **more))
            return function

        return note


on = On()
