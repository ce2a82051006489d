"""A word with a slash before it that has the bot do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from workers.handlers.errand import Done
    from workers.handlers.message_turn import MessageTurn


class Command(Protocol):
    """What `/name` stands for; `synopsis` is how it is written, `about` says what it does."""

    @property
    def name(self) -> str: ...

    @property
    def synopsis(self) -> str: ...

    @property
    def admins(self) -> bool:
        """Whether it is for administrators alone, whatever the rules say."""

    @property
    def about(self) -> Mapping[Language, str]: ...

    async def run(self, turn: MessageTurn, words: str, /) -> Done:
        """Do it; `words` are what follows the command.

        Raises:
            TransientError, PermanentError: as an errand.
        """
