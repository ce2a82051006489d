"""Asking again what was answered: its message is fetched, and stands in line like a new one."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from shared.errors import MessageGone
from shared.feishu.events import MESSAGE_RECEIVED
from shared.feishu.fetched import as_received
from shared.model.event import Event
from shared.model.ids import EventId
from shared.model.mail import Incoming
from shared.store.mailbox import Verdict, prepared
from workers.handlers.question import AGAIN

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.ids import ConversationId, MessageId
    from shared.model.mail import Mail
    from shared.store.mailbox import Mailboxes


class Again:
    """Files questions another time."""

    def __init__(self, feishu: Feishu, mailboxes: Mailboxes) -> None:
        self._feishu = feishu
        self._mailboxes = mailboxes
        self._filing = asyncio.Lock()  # a line is asked one thing at a time

    async def ask(self, question: MessageId, conversation: ConversationId, mail: Mail) -> bool:
        """Have a question answered another time, as `mail` asks for; return whether it is there.

        Raises:
            StoreUnavailable, and as `Feishu`: it was not filed.
        """
        try:
            item = await self._feishu.message(question)
        except MessageGone:
            return False
        return await self.file(item, EventId(f"{AGAIN}{mail.event_id}"), conversation, mail)

    async def file(
        self, item: dict[str, Any], event_id: EventId, conversation: ConversationId, mail: Mail
    ) -> bool:
        """File a message that was fetched as one that has just come; return whether it is new.

        Raises:
            StoreUnavailable: it was not filed.
        """
        event = Event(MESSAGE_RECEIVED, event_id, None, conversation)
        payload = as_received(item, event_id)
        incoming = Incoming(event, mail.trace_id, time.time(), payload)
        async with self._filing:
            await self._mailboxes.send([prepared(incoming)])
            (verdict,) = await self._mailboxes.verdicts()
        return verdict is Verdict.ACCEPTED
