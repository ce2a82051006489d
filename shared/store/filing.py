"""Filing events of our own, which stand in line and are known again like the platform's."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Any

import orjson

from shared.model.mail import Incoming
from shared.store.mailbox import Mailboxes, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.event import Event
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.store.mailbox import Verdict


class Filing:
    """Files events, one at a time."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._mailboxes = Mailboxes(store.line(), keys)
        self._app_id = keys.app_id
        self._one_at_a_time = asyncio.Lock()  # a line is asked one thing at a time

    async def file(self, event: Event, body: Mapping[str, Any]) -> Verdict:
        """File an event with this body, in the envelope that the platform would use.

        Raises:
            StoreUnavailable: Redis did not confirm; filing it again is safe.
        """
        now = time.time()
        header = {
            "event_id": event.event_id,
            "event_type": event.type,
            "create_time": str(int(now * 1000)),
            "app_id": self._app_id,
        }
        payload = orjson.dumps({"schema": "2.0", "header": header, "event": body})
        incoming = Incoming(event, secrets.token_hex(8), now, payload)
        async with self._one_at_a_time:
            await self._mailboxes.send([prepared(incoming)])
            (verdict,) = await self._mailboxes.verdicts()
        return verdict
