"""A function of the team's that was loaded: what it is for, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from workers.handlers.injection import Argument, Injected, given_to

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping

    from shared.model.ids import OpenId
    from shared.model.message import MessageReceived
    from workers.handlers.declaring import Kind

_NO_ARGUMENTS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Declared:
    """A handler. `name` is its event type, command, card action or schedule; empty for messages."""

    kind: Kind
    name: str
    function: Callable[..., Awaitable[object]]
    parameters: tuple[Injected | Argument, ...] = ()
    help: str = ""
    admins: bool = False

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What a command takes from the words behind it."""
        return tuple(each for each in self.parameters if isinstance(each, Argument))

    @property
    def spelt(self) -> str:
        """Where it is."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    async def call(
        self, things: Mapping[str, Any], arguments: Mapping[str, Any] = _NO_ARGUMENTS
    ) -> object:
        """Call the function with those of the `things` that it asks for; `log` is always there.

        Raises whatever it raises.
        """
        log = structlog.get_logger(self.function.__module__)
        row, named = given_to(self.parameters, {"log": log, **things}, arguments)
        return await self.function(*row, **named)


@dataclass(frozen=True, slots=True)
class MessagePattern:
    """Which messages a handler is for."""

    declared: Declared
    chat_type: str | None = None
    contains: str | None = None
    matches: re.Pattern[str] | None = None

    def fits(self, message: MessageReceived, bot: OpenId) -> bool:
        """Whether a message of somebody's is like that, in every respect; case does not matter."""
        if not message.sent_by_user or message.sender == bot:
            return False
        if self.chat_type is not None and message.chat_type != self.chat_type:
            return False
        text = message.text_for(bot)
        if self.contains is not None and self.contains.casefold() not in text.casefold():
            return False
        return self.matches is None or self.matches.search(text) is not None
