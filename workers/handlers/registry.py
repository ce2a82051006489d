"""All that a team declared, by what it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared.model.ids import OpenId
    from shared.model.message import MessageReceived
    from workers.handlers.declared import Declared, MessagePattern


@dataclass(frozen=True, slots=True)
class Registry:
    """Handlers by event type, command, card action and schedule; those of messages in order."""

    events: Mapping[str, Declared] = field(default_factory=dict)
    commands: Mapping[str, Declared] = field(default_factory=dict)
    card_actions: Mapping[str, Declared] = field(default_factory=dict)
    schedules: Mapping[str, Declared] = field(default_factory=dict)
    messages: Sequence[MessagePattern] = ()

    def match(self, message: MessageReceived, bot: OpenId) -> Declared | None:
        """Return the first handler that a message is for. Whether the bot is meant is not asked."""
        for pattern in self.messages:
            if pattern.fits(message, bot):
                return pattern.declared
        return None

    def __len__(self) -> int:
        by_name = (self.events, self.commands, self.card_actions, self.schedules)
        return sum(map(len, by_name)) + len(self.messages)
