"""`im.message.receive_v1`: somebody wrote to the bot, or where it can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import LarkspurError
from shared.feishu.messages import read_message
from shared.model.outcome import Ignored, Replied

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.ids import ConversationId, MessageId
    from shared.model.mail import Mail
    from shared.model.message import MessageReceived
    from shared.model.outcome import Outcome
    from shared.store.history import History
    from workers.responders.responder import Responder

SORRY: Final = "抱歉，这条消息我没能回答。\nSorry, I could not answer this message."

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class MessageHandler:
    """Answers what is addressed to the bot by a person."""

    def __init__(self, feishu: Feishu, responder: Responder, history: History) -> None:
        self._feishu = feishu
        self._responder = responder
        self._history = history

    async def handle(self, conversation: ConversationId, mail: Mail) -> Outcome:
        """Answer a message, or say why not.

        Raises:
            TransientError, PermanentError: of Feishu, the model or Redis.
        """
        message = read_message(mail.payload)
        structlog.contextvars.bind_contextvars(message_id=message.message_id)
        bot = await self._feishu.bot()
        if not message.sent_by_user or message.sender == bot:
            return Ignored("not_a_person")
        if not message.addresses(bot):
            return Ignored("not_addressed")
        prompt = message.text_for(bot)
        if not prompt:
            return Ignored("empty")
        answer = await self._responder.answer(prompt, await self._history.read(conversation))
        sent = await self._reply(message, answer.text, part="answer")
        return Replied(sent, answer.exchange)

    async def apologise(self, mail: Mail) -> None:
        """Tell the user that no answer will come. At most once, and not at all if that fails."""
        try:
            await self._reply(read_message(mail.payload), SORRY, part="sorry")
        except LarkspurError as error:
            log.warning("apology.failed", reason=str(error))

    async def _reply(self, message: MessageReceived, text: str, *, part: str) -> MessageId:
        return await self._feishu.reply_text(
            message.message_id, text, part=part, in_thread=message.in_thread
        )
