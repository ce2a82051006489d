"""The port between a turn and whoever writes its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from shared.model.ids import ChatId, ConversationId, MessageId, OpenId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shared.model.ask import Ask
    from shared.model.progress import Progress
    from shared.model.prompt import Prompt
    from shared.model.usage import Usage


@dataclass(frozen=True, slots=True)
class Query:
    """What a responder is asked: a prompt, by whom and where, and what was said before.

    `history` holds exchanges, oldest first (`exchange.py`). `model` is one of those that the
    settings name, empty for the first of them; `instructions` stand in for those of the settings
    unless they are None. A turn that goes on after a `Pause` hands back what that one `kept`, and
    what was decided about each of its asks, by id.
    """

    prompt: Prompt
    history: Sequence[bytes] = ()
    question: MessageId = MessageId("")
    conversation: ConversationId = ConversationId("")
    chat: ChatId = ChatId("")
    user: OpenId = OpenId("")
    model: str = ""
    instructions: str | None = None
    kept: bytes = b""
    decisions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets, what the history grows by, and what it took."""

    progress: Progress
    exchange: bytes
    usage: tuple[Usage, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """No answer yet: the asks are to be decided first. `kept` is what the responder goes on from.

    `progress` is all that can be shown so far. `since` is when it was reached, in Unix seconds, and
    `shown` whether the user has seen the asks: both are the handler's to set.
    """

    progress: Progress
    asks: tuple[Ask, ...]
    kept: bytes
    usage: tuple[Usage, ...] = ()
    since: float = 0.0
    shown: bool = False


def footer(model: str, seconds: float, tokens: int | None) -> str:
    """Return the line about a finished answer."""
    known = f" · {tokens:,} tokens" if tokens else ""
    return f"{model} · {seconds:.1f} s{known}"


class Responder(Protocol):
    """A mind."""

    async def answer(self, query: Query, revise: Callable[[Progress], None]) -> Answer | Pause:
        """Answer a prompt, or say what is to be allowed first.

        `revise` is called with all that is written so far whenever it has grown.

        Raises:
            ModelUnavailable: later, perhaps.
            ModelRefused: never.
        """
