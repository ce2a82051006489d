"""`im.chat.member.bot.added_v1`: the bot was taken into a group, and says what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected
from shared.feishu.envelope import id_of
from shared.model.outcome import Ignored, Replied
from workers.handlers.bound import BoundFeishu
from workers.handlers.events.reading import read_event

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.language import Language
    from shared.model.outcome import Outcome
    from workers.turn import Turn

_WORDS: Final[dict[Language, str]] = {
    "zh": "大家好！@我就可以提问。",
    "en": "Hello! Mention me to ask something.",
}

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Introduction:
    """Introduces the bot to a group, once however often the event comes."""

    def __init__(self, feishu: Feishu) -> None:
        self._feishu = feishu

    async def handle(self, turn: Turn) -> Outcome:
        """Say hello.

        Raises:
            TransientError: it is to come again.
            MalformedEvent: it names no chat.
        """
        event = read_event(turn.mails[0])
        chat = id_of(getattr(event, "chat_id", None), "chat_id")
        feishu = BoundFeishu(self._feishu, turn, event.event_id)
        try:
            message = await feishu.send_text(chat, "\n".join(_WORDS.values()))
        except FeishuRejected as refused:  # nobody asked for it, so nobody is to mend that
            log.info("introduction.refused", chat_id=chat, reason=str(refused))
            return Ignored("refused")
        return Replied(message)

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for it."""
