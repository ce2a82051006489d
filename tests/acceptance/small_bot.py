"""A bot of plain HTTP and one WebSocket: it acks everything and says what a test has it say."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from simulator.gateway.frames import Method, decode, encode
from tests.stage import APP_ID, APP_SECRET

if TYPE_CHECKING:
    from types import TracebackType

CALLBACK = "card.action.trigger"


class SmallBot:
    """Lives as long as its `async with`; `heard` holds every event's body, in order."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.heard: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}
        """What callbacks are answered with."""
        self.silent = False
        """While set, nothing is acked."""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(self._url)
        asked = {"AppID": APP_ID, "AppSecret": APP_SECRET}
        discovered = await self._post("/callback/ws/endpoint", asked)
        self._socket = await self._http.ws_connect(discovered["data"]["URL"])
        self._listening = asyncio.create_task(self._listen())
        asked = {"app_id": APP_ID, "app_secret": APP_SECRET}
        token = await self._post("/open-apis/auth/v3/tenant_access_token/internal", asked)
        self._http.headers["Authorization"] = f"Bearer {token['tenant_access_token']}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._http.close()

    async def send(self, msg_type: str, content: dict[str, Any], chat_id: str) -> str:
        """Send a message to a chat; return its id."""
        asked = {"receive_id": chat_id, "msg_type": msg_type, "content": json.dumps(content)}
        sent = await self.call("POST", "/im/v1/messages?receive_id_type=chat_id", asked)
        return str(sent["message_id"])

    async def reply(self, message_id: str, text: str, *, in_thread: bool = False) -> str:
        content = json.dumps({"text": text})
        asked = {"msg_type": "text", "content": content, "reply_in_thread": in_thread}
        sent = await self.call("POST", f"/im/v1/messages/{message_id}/reply", asked)
        return str(sent["message_id"])

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the Open API, and fail unless it answers code 0; return its `data`."""
        async with self._http.request(method, f"/open-apis{path}", json=body) as response:
            answer = await response.json()
        assert answer["code"] == 0, answer
        return answer.get("data")

    async def chat_of(self, user: str) -> str:
        """Return the chat of that user with the bot, or the group of that name."""
        async with self._http.get("/_sim/world") as response:
            world = await response.json()
        named = [*world["chats"]]
        return next(str(chat["chat_id"]) for chat in named if chat["name"] == user)

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with self._http.post(path, json=body) as response:
            return await response.json()

    async def _listen(self) -> None:
        async for message in self._socket:
            frame = decode(message.data)
            if frame.method != Method.DATA or self.silent:
                continue
            body = json.loads(frame.payload)
            self.heard.append(body)
            await self._socket.send_bytes(encode(replace(frame, payload=self._ack(body))))

    def _ack(self, body: dict[str, Any]) -> bytes:
        if body["header"]["event_type"] != CALLBACK:
            return b'{"code":200}'
        answer = base64.b64encode(json.dumps(self.answer).encode()).decode()
        return json.dumps({"code": 200, "data": answer}).encode()
