"""Sending something that nobody asked for, from any process of the team's; a worker sends it once.

    from shared.sending import send

    await send("ou_...", "The build is done.", key="build-42")

It is stored when this returns, and sent under a lease like every answer: whoever dies meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shared.model.event import Event
from shared.model.ids import ConversationId, EventId
from shared.model.internal import SEND
from shared.model.queue import SENDS
from shared.model.receiver import receiver_of
from shared.settings import OperatorSettings, read
from shared.store import connection
from shared.store.filing import Filing
from shared.store.format import require_readable
from shared.store.keys import Keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from shared.model.receiver import Receiver
    from shared.store.connection import Store
    from shared.store.mailbox import Verdict

_TIMEOUT: Final = 5.0
_KEY: Final = re.compile(r"[\w.:=@+/-]{1,100}", re.ASCII)
_ID: Final = re.compile(r"[\w.:=+/-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a message: it will be sent, or it is known by its key."""

    event_id: EventId
    verdict: Verdict


class Outbox:
    """Files messages, for a process that sends many."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._filing = Filing(store, keys)

    async def send(
        self,
        to: str,
        text: str = "",
        *,
        markdown: str = "",
        card: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Filed:
        """Have a text, Markdown or a card sent to a user or chat, after what was filed before.

        `to` is an open_id, a union_id, a chat_id, an e-mail address, or else a user_id. Of all that
        come under one `key` within a day, the first is sent.

        Raises:
            ValueError: there is not one thing to send, or `to` or `key` can be none.
            StoreUnavailable: Redis did not confirm; sending again under the same key is safe.
        """
        said = {"text": text, "markdown": markdown, "card": card}
        content = {kind: value for kind, value in said.items() if value}
        if len(content) != 1:
            raise ValueError("send one of a text, Markdown, a card")
        if key is not None and not _KEY.fullmatch(key):
            raise ValueError("a key is up to 100 letters, digits and . : = @ + / - _")
        event_id = EventId(f"send-{uuid.uuid4().hex if key is None else key}")
        event = Event(SEND, event_id, None, _line_of(receiver_of(to)))
        return Filed(event_id, await self._filing.file(event, {"to": to, **content}))


@asynccontextmanager
async def outbox() -> AsyncIterator[Outbox]:
    """Open the Redis of the app that the settings name.

    Raises:
        ConfigurationError: a setting is missing, wrong or misspelt.
        StoreUnavailable: Redis did not answer.
    """
    settings = await asyncio.to_thread(read, OperatorSettings)  # it may read a file
    keys = Keys(settings.app.app_id)
    url = settings.redis.url.get_secret_value()
    async with connection.connected(url, timeout=_TIMEOUT) as store:
        await require_readable(store, keys)
        yield Outbox(store, keys)


async def send(
    to: str,
    text: str = "",
    *,
    markdown: str = "",
    card: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Filed:
    """Have one thing sent; see `Outbox.send`, and `outbox` for what else it raises."""
    async with outbox() as box:
        return await box.send(to, text, markdown=markdown, card=card, key=key)


def _line_of(receiver: Receiver) -> ConversationId:
    """Return the line of a receiver. It is told in logs, so no address is in its name."""
    if receiver.receive_id_type == "email":
        digest = hashlib.blake2b(receiver.id.encode(), digest_size=8).hexdigest()
        return ConversationId(f"{SENDS}{digest}")
    if not _ID.fullmatch(receiver.id):
        raise ValueError(f"{receiver.id!r} is no id, and no e-mail address")
    return ConversationId(f"{SENDS}{receiver.id}")
