"""`application.bot.menu_v6`: somebody chose an item of the bot's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.envelope import id_of
from shared.model.ids import ChatId, ConversationId, EventId
from shared.model.outcome import Ignored
from workers.handlers.bound import BoundFeishu
from workers.handlers.events import MenuChosen
from workers.handlers.events.reading import read_event
from workers.handlers.noticing import Noticing

if TYPE_CHECKING:
    from collections.abc import Container

    from shared.feishu.client import Feishu
    from shared.model.outcome import Outcome
    from workers.handlers.again import Again
    from workers.turn import Turn


class MenuHandler:
    """Runs the command that an item is called after, as if its user had written it.

    The event names no chat, so the bot says the command in theirs, and that is what is answered.
    """

    def __init__(self, feishu: Feishu, again: Again, commands: Container[str]) -> None:
        """`commands` are the names of those there are."""
        self._feishu = feishu
        self._again = again
        self._commands = commands
        self._noticing = Noticing()

    async def handle(self, turn: Turn) -> Outcome:
        """File the command; an item of another name is told of in the log.

        Raises:
            TransientError: it is to come again.
            PermanentError: it names nobody, or who cannot be written to.
        """
        mail = turn.mails[0]
        event = read_event(mail)
        if not isinstance(event, MenuChosen) or event.event_key not in self._commands:
            return await self._noticing.handle(turn)
        user = id_of(event.user.open_id, "open_id")
        feishu = BoundFeishu(self._feishu, turn, event.event_id)
        item = await self._feishu.message(await feishu.send_text(user, f"/{event.event_key}"))
        item["sender"] = {"id": user}
        conversation = ConversationId(ChatId(id_of(item.get("chat_id"), "chat_id")))
        await self._again.file(item, EventId(f"menu-{event.event_id}"), conversation, mail)
        return Ignored("menu")

    async def apologise(self, turn: Turn) -> None:
        """Nobody waits for more than what the command says."""
