"""`im.chat.access_event.bot_p2p_chat_entered_v1`: somebody opened the chat with the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected
from shared.feishu.envelope import id_of
from shared.model.outcome import Ignored, Replied
from workers.handlers.bound import BoundFeishu
from workers.handlers.events import ChatEntered
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.language import Language
    from shared.model.outcome import Outcome
    from shared.store.greetings import Greetings
    from workers.turn import Turn

_WORDS: Final[dict[Language, str]] = {
    "zh": "你好！直接给我发消息就可以提问。",
    "en": "Hello! Just write to me to ask something.",
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Greeting:
    """Greets everybody once, ever."""

    def __init__(self, feishu: Feishu, greetings: Greetings) -> None:
        self._feishu = feishu
        self._greetings = greetings

    async def handle(self, turn: Turn) -> Outcome:
        """Greet who has not been greeted.

        Raises:
            TransientError: it is to come again.
            MalformedEvent: it names nobody.
        """
        event = read_event(turn.mails[0])
        user = id_of(event.operator.open_id if isinstance(event, ChatEntered) else None, "open_id")
        if await self._greetings.greeted(user):
            return Ignored("greeted_before")
        # About the user, not the event: of two at the same time one sends nothing new.
        feishu = BoundFeishu(self._feishu, turn, f"greeting {user}")
        try:
            message = await feishu.send_text(user, "\n".join(_WORDS.values()))
        except FeishuRejected as refused:  # nobody asked for it, so nobody is to mend that
            log.info("greeting.refused", open_id=user, reason=str(refused))
            return Ignored("refused")
        await self._greetings.note(user, message)
        return Replied(message)

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for it."""
