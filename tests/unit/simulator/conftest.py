from __future__ import annotations

import asyncio
import heapq
from contextlib import AsyncExitStack
from itertools import count
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from simulator.gateway.frames import Frame, Method, decode, encode
from simulator.options import Options
from simulator.server import build
from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from simulator.gateway.clock import Clock

MESSAGES = "/open-apis/im/v1/messages"


class FakeClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._due: list[tuple[float, int, Callable[[], object]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> object:
        heapq.heappush(self._due, (self.now + delay, next(self._order), callback))
        return None

    def advance(self, seconds: float) -> None:
        until = self.now + seconds
        while self._due and self._due[0][0] <= until:
            self.now, _, callback = heapq.heappop(self._due)
            callback()
        self.now = until


class Socket:
    """A plain client of the long connection, which acks only when it is told to."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def receive(self) -> Frame:
        return decode(await self.ws.receive_bytes(timeout=PATIENCE))

    async def ack(self, frame: Frame, payload: bytes = b'{"code":200}') -> None:
        await self.ws.send_bytes(
            encode(Frame(method=Method.DATA, headers=frame.headers, payload=payload))
        )


class Platform:
    """A simulator on this loop, and an HTTP client to talk to it."""

    def __init__(self, url: str, options: Options, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.options = options
        self.http = http

    async def get(self, path: str, **query: Any) -> Any:
        async with self.http.get(self.url + path, params=query) as response:
            return await response.json()

    async def post(self, path: str, body: Any = None, **query: Any) -> Any:
        async with self.http.post(self.url + path, json=body, params=query) as response:
            return await response.json()

    async def discover(self) -> Any:
        return await self.post(
            "/callback/ws/endpoint",
            {"AppID": self.options.app_id, "AppSecret": self.options.app_secret},
        )

    async def connect(self, url: str | None = None) -> Socket:
        url = url or (await self.discover())["data"]["URL"]
        return Socket(await self.http.ws_connect(url, max_msg_size=0))

    async def say(self, text: str = "hello", **asked: Any) -> Any:
        return await self.post("/_sim/messages", {"user": "alice", "text": text, **asked})

    async def deliveries(self, event_id: str) -> Any:
        return await self.get("/_sim/deliveries", event_id=event_id)

    async def eventually(self, event_id: str, field: str, value: object) -> None:
        """Wait until the latest delivery of an event has that value in that field."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while (await self.deliveries(event_id))[-1][field] != value:
            assert asyncio.get_running_loop().time() < deadline, await self.deliveries(event_id)
            await asyncio.sleep(0.01)

    async def authorize(self) -> dict[str, str]:
        asked = {"app_id": self.options.app_id, "app_secret": self.options.app_secret}
        answer = await self.post("/open-apis/auth/v3/tenant_access_token/internal", asked)
        return {"Authorization": f"Bearer {answer['tenant_access_token']}"}


class Start:
    """Starts simulators; the test's end stops them."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def __call__(self, clock: Clock | None = None, **options: Any) -> Platform:
        # An ack may take as long as a slow machine does, unless its deadline is what is tested.
        given = Options(port=0, **{"ack_deadline": PATIENCE, **options})
        app = build(given, clock or asyncio.get_running_loop())
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, given.host, 0).start()
        http = await self._stack.enter_async_context(aiohttp.ClientSession())
        return Platform(f"http://{given.host}:{runner.addresses[0][1]}", given, http)


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:
        yield Start(stack)


class Bot:
    """An app's HTTP calls, with a valid token unless told otherwise."""

    def __init__(self, platform: Platform, headers: dict[str, str]) -> None:
        self.platform = platform
        self.headers = headers

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        url = self.platform.url + path
        data = body if isinstance(body, aiohttp.FormData) else None
        async with self.platform.http.request(
            method,
            url,
            json=None if data else body,
            data=data,
            params=query,
            headers=self.headers,
        ) as response:
            answer = await response.json()
        assert response.headers["X-Tt-Logid"]
        assert response.status == (200 if answer["code"] == 0 else 400)
        return answer

    async def create(self, address: str, receive_id_type: str, **changes: Any) -> Any:
        body = {"receive_id": address, **text("hi"), **changes}
        return await self.call("POST", MESSAGES, body, receive_id_type=receive_id_type)

    async def send(self, **changes: Any) -> Any:
        """Send to Alice, and return the message."""
        sent = await self.create("alice@example.com", "email", **changes)
        assert sent["code"] == 0, sent
        return sent["data"]

    async def reply(self, message_id: str, **changes: Any) -> Any:
        return await self.call("POST", f"{MESSAGES}/{message_id}/reply", {**text("hi"), **changes})

    async def shown(self, message_id: str) -> Any:
        """Return what the page shows of a message."""
        listed = await self.platform.get("/_sim/messages")
        return next(each for each in listed if each["message_id"] == message_id)


def text(words: str) -> dict[str, str]:
    return content("text", {"text": words})


def content(msg_type: str, body: Any) -> dict[str, str]:
    return {"msg_type": msg_type, "content": orjson.dumps(body).decode()}


@pytest.fixture
async def bot(platform: Platform) -> Bot:
    return Bot(platform, await platform.authorize())


@pytest.fixture
async def platform(start: Start) -> Platform:
    return await start()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
