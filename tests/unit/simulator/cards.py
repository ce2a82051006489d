"""An app that works with cards, over HTTP and on a clock of its own."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Platform, Start

CARDS = "/open-apis/cardkit/v1/cards"
MESSAGES = "/open-apis/im/v1/messages"
BUTTON = {"tag": "button", "element_id": "ok", "text": {"tag": "plain_text", "content": "OK"}}


def markdown(element_id: str = "md", content: str = "") -> dict[str, Any]:
    return {"tag": "markdown", "element_id": element_id, "content": content}


def card(*elements: dict[str, Any], **config: Any) -> dict[str, Any]:
    return {"schema": "2.0", "config": config, "body": {"elements": list(elements)}}


def streaming(*elements: dict[str, Any]) -> dict[str, Any]:
    return card(*(elements or (markdown(),)), streaming_mode=True)


def text(shown: object) -> str:
    return orjson.dumps(shown).decode()


class CardBot:
    """Numbers its changes itself, unless told otherwise."""

    def __init__(self, platform: Platform, clock: FakeClock, headers: dict[str, str]) -> None:
        self.platform = platform
        self.clock = clock
        self.headers = headers
        self._sequence = count(1)

    async def call(self, method: str, path: str, body: Any) -> Any:
        url = self.platform.url + path
        async with self.platform.http.request(
            method, url, json=body, headers=self.headers
        ) as response:
            return await response.json()

    async def create(self, shown: object) -> Any:
        return await self.call("POST", CARDS, {"type": "card_json", "data": text(shown)})

    async def created(self, shown: object) -> str:
        card_id: str = (await self.create(shown))["data"]["card_id"]
        return card_id

    async def change(self, method: str, path: str, **asked: Any) -> Any:
        self.clock.advance(0.2)  # a card takes ten changes a second
        return await self.call(method, f"{CARDS}/{path}", self.numbered(asked))

    def numbered(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"sequence": next(self._sequence), **asked}

    async def write(self, card_id: str, content: str, element_id: str = "md", **asked: Any) -> Any:
        path = f"{card_id}/elements/{element_id}/content"
        return await self.change("PUT", path, content=content, **asked)

    async def settings(self, card_id: str, **config: Any) -> Any:
        asked = text({"config": config})
        return await self.change("PATCH", f"{card_id}/settings", settings=asked)

    async def batch(self, card_id: str, *actions: tuple[str, dict[str, Any]]) -> Any:
        asked = text([{"action": action, "params": params} for action, params in actions])
        return await self.change("POST", f"{card_id}/batch_update", actions=asked)

    async def send(self, content: object, **asked: Any) -> Any:
        self.clock.advance(1)
        body = {
            "receive_id": "alice@example.com",
            "msg_type": "interactive",
            "content": text(content),
            **asked,
        }
        return await self.call("POST", f"{MESSAGES}?receive_id_type=email", body)

    async def sent(self, content: object) -> str:
        """Send it, and return the message's id."""
        message_id: str = (await self.send(content))["data"]["message_id"]
        return message_id

    async def patch(self, message_id: str, content: object) -> Any:
        return await self.call("PATCH", f"{MESSAGES}/{message_id}", {"content": text(content)})

    async def shown(self, card_id: str) -> Any:
        """Return the state of a card."""
        path = "/open-apis/card/v1/interactions/read"
        return (await self.call("POST", path, {"card_id": card_id}))["data"]

    async def message(self, message_id: str) -> Any:
        """Return a message as the page sees it."""
        newest = await self.platform.get("/_sim/messages", limit=100)
        return next(each for each in newest if each["message_id"] == message_id)


async def card_bot(start: Start, clock: FakeClock) -> CardBot:
    """Return an app on a platform whose clock it turns."""
    platform = await start(clock)
    return CardBot(platform, clock, await platform.authorize())


def reference(card_id: str) -> dict[str, Any]:
    return {"type": "card", "data": {"card_id": card_id}}
