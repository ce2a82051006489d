"""One turn, as a handler sees it: the mail, and what may be done about it under its lease."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.model.draft import Draft
from shared.store.dead_letters import letter_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.model.ids import ConversationId, MessageId
    from shared.model.mail import Mail
    from shared.store.engine import Engine
    from shared.store.lease import Begun, Lease


class Turn:
    """A run of a conversation. Whatever it writes raises LeaseLost once another one runs it."""

    def __init__(self, begun: Begun, mails: Sequence[Mail], engine: Engine) -> None:
        """`mails` is one event or several messages in a row; `letter` is what they may become."""
        self.lease: Lease = begun.lease
        self.attempt = begun.attempt
        self.mails = mails
        self.letter = letter_of(begun)
        self.draft = Draft()
        self._engine = engine

    @property
    def conversation(self) -> ConversationId:
        return self.lease.conversation

    async def adopt(self, question: MessageId) -> None:
        """Answer this question, and go on with the draft of an earlier turn if there is one.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        self.draft = await self._engine.drafts.adopt(self.lease, question)

    async def keep(self, draft: Draft, *, question: MessageId) -> None:
        """Keep how far the reply to `question` has got, for whoever may have to go on with it.

        Raises:
            LeaseLost: nothing was written.
            StoreUnavailable: Redis did not confirm.
        """
        await self._engine.drafts.keep(self.lease, draft, question=question)
        self.draft = draft

    async def keep_answer(self, answer: bytes, *, question: MessageId) -> None:
        """Keep the finished answer before it is sent: it is not paid for twice; see `keep`."""
        await self.keep(replace(self.draft, answer=answer), question=question)

    async def once(self, key: str, send: Callable[[], Awaitable[MessageId]]) -> MessageId:
        """Send, unless a message was sent under this idempotency key; return the message.

        Raises:
            LeaseLost: nothing was sent.
            StoreUnavailable: Redis did not answer.
        """
        if (known := await self._engine.ledger.find(self.lease, key)) is not None:
            return known
        message = await send()
        await self._engine.ledger.enter(key, message)
        return message
