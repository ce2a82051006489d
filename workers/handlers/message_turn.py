"""A message as a command, or a handler of the team, sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.model.progress import Progress
from shared.model.prompt import Prompt
from workers.responders.responder import Query

if TYPE_CHECKING:
    from shared.model.ids import ChatId, ConversationId, HistoryId, OpenId
    from shared.model.language import Language
    from shared.model.mail import Mail
    from shared.model.message import ChatType, MessageReceived
    from workers.handlers.mind import Mind
    from workers.replies.reply import Reply
    from workers.turn import Turn


class MessageTurn:
    """What was said, by whom and where; and the reply to it, which is sent once.

    A handler that fails is run again from its start, so what it replies is what it says from start
    to end, however often that is. It is given up, like a question, after a number of attempts.
    """

    def __init__(
        self,
        turn: Turn,
        mail: Mail,
        message: MessageReceived,
        bot: OpenId,
        reply: Reply,
        mind: Mind,
        language: Language,
    ) -> None:
        self.turn = turn
        self.mail = mail
        self.message = message
        self.language = language
        self.text = message.text_for(bot)
        """What was said, without the mention of the bot."""

        self.said = ""
        """What was replied so far."""

        self._reply = reply
        self._mind = mind
        self._is_open = False
        self._asked = 0

    @property
    def user(self) -> OpenId:
        return self.message.sender

    @property
    def chat(self) -> ChatId:
        return self.message.chat_id

    @property
    def chat_type(self) -> ChatType:
        return self.message.chat_type

    @property
    def conversation(self) -> ConversationId:
        return self.turn.conversation

    @property
    def history(self) -> HistoryId:
        """The past that this message belongs to."""
        return self._mind.memory.whose(self.conversation, self.user)

    async def reply(self, markdown: str) -> None:
        """Add to the reply. It grows on a card, and is whole when the handler has returned.

        Raises:
            LeaseLost: another worker runs this message by now.
            TransientError, PermanentError: of Feishu or Redis.
        """
        self.said = f"{self.said}\n\n{markdown}".lstrip()
        if not self._is_open:
            self._is_open = True
            await self._reply.open()
        self._reply.revise(Progress(self.said))

    async def ask(self, prompt: str, *, instructions: str | None = None) -> str:
        """Ask the model something beside the conversation; return its answer.

        Raises:
            ModelUnavailable: later, perhaps.
            ModelRefused: never.
        """
        query = Query(
            Prompt(prompt),
            question=self.message.message_id,
            conversation=self.conversation,
            chat=self.chat,
            user=self.user,
            instructions=instructions,
        )
        self._asked += 1
        key = f"{self.message.message_id}:{self.turn.lease.fence}:{self._asked}"
        return await self._mind.ask(query, key=key)
