"""What a team has declared about messages, as errands: its commands, and what it listens for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workers.handlers.arguments import Misuse, parse_arguments, synopsis
from workers.handlers.bound import BoundFeishu
from workers.handlers.errand import Done
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from shared.feishu.client import Feishu
    from shared.model.ids import OpenId
    from shared.model.language import Language
    from shared.model.message import MessageReceived
    from workers.handlers.commands.command import Command
    from workers.handlers.declared import Declared
    from workers.handlers.errand import Errand
    from workers.handlers.message_turn import MessageTurn
    from workers.handlers.registry import Registry


@dataclass(frozen=True, slots=True)
class TeamCommand:
    """A `Command` that a function answers."""

    declared: Declared
    feishu: Feishu

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def admins(self) -> bool:
        return self.declared.admins

    @property
    def synopsis(self) -> str:
        return synopsis(self.declared)

    @property
    def about(self) -> Mapping[Language, str]:
        """What /help says: the help of its declaration, else the first line of its docstring."""
        first = (self.declared.function.__doc__ or "").strip().partition("\n")[0]
        said = self.declared.help or first
        return {"en": said, "zh": said}

    async def run(self, turn: MessageTurn, words: str) -> Done:
        """Call the function with the words as its arguments, or say how it is used."""
        arguments = parse_arguments(self.declared, words)
        if isinstance(arguments, Misuse):
            return Done(arguments.said(turn.language))
        return await _called(self.declared, self.feishu, turn, arguments)


@dataclass(frozen=True, slots=True)
class Listening:
    """An `Errand`: a function that was declared for messages like this one."""

    declared: Declared
    feishu: Feishu

    @property
    def name(self) -> str:
        return self.declared.spelt

    async def run(self, turn: MessageTurn) -> Done:
        return await _called(self.declared, self.feishu, turn, {})


def commands_of(registry: Registry, feishu: Feishu) -> dict[str, Command]:
    """Return the team's commands by name."""
    return {name: TeamCommand(declared, feishu) for name, declared in registry.commands.items()}


def listener_of(
    registry: Registry, feishu: Feishu
) -> Callable[[MessageReceived, OpenId], Errand | None]:
    """Return what finds the function that listens for a message, if one does."""

    def listening(message: MessageReceived, bot: OpenId) -> Errand | None:
        declared = registry.match(message, bot)
        return Listening(declared, feishu) if declared else None

    return listening


async def _called(
    declared: Declared, feishu: Feishu, turn: MessageTurn, arguments: Mapping[str, Any]
) -> Done:
    """Call a function; a text that it returns is added to the reply."""
    event = read_event(turn.mail)
    things = {
        "turn": turn,
        "message": turn.message,
        "event": event,
        "feishu": BoundFeishu(feishu, turn.turn, turn.message.message_id),
    }
    said = await declared.call(things, arguments)
    return Done(said if isinstance(said, str) else "")
