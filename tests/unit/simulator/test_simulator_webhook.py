from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from aiohttp import web
from Crypto.Cipher import AES
from Crypto.Util.Padding import unpad

from simulator.webhook.cipher import encrypt
from tests.eventually import PATIENCE, soon

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.unit.simulator.conftest import Platform, Start

TOKEN = "a-verification-token"
KEY = "an encrypt key"
CHALLENGE = "url_verification"
NOT_IN_TIME = 200341


class App:
    """An app that takes what is posted, and answers as it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.posted: list[tuple[dict[str, str], bytes]] = []
        self.answers: asyncio.Queue[web.Response | None] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        parsed = orjson.loads(body)
        if isinstance(parsed, dict) and parsed.get("type") == CHALLENGE:
            return web.json_response({"challenge": parsed["challenge"]})
        self.posted.append((dict(request.headers), body))
        if self.answers.empty():
            return web.Response()
        answer = self.answers.get_nowait()
        if answer is None:
            await asyncio.sleep(60)
        return answer or web.Response()


@pytest.fixture
async def app() -> AsyncIterator[App]:
    taking = App()
    server = web.Application()
    server.add_routes([web.post("/hook", taking.take)])
    runner = web.AppRunner(server, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taking.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield taking
    await runner.cleanup()


async def outcomes(platform: Platform, event_id: str, attempts: int) -> list[Any]:
    """Return the error of each delivery, once there are so many and all have ended."""

    async def ended() -> list[Any]:
        found = await platform.deliveries(event_id)
        over = all(each["acked_at"] or each["error"] for each in found)
        return found if len(found) == attempts and over else []

    return [each["error"] for each in await soon(ended)]


def decrypted(sealed: bytes) -> Any:
    raw = base64.b64decode(orjson.loads(sealed)["encrypt"])
    cipher = AES.new(hashlib.sha256(KEY.encode()).digest(), AES.MODE_CBC, raw[:16])
    return orjson.loads(unpad(cipher.decrypt(raw[16:]), 16))


def test_documented_ciphertext_is_reproduced() -> None:
    documented = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
    iv = bytes.fromhex("3f7ef0f9564898d80f10ed5106127a46")

    assert encrypt(b"hello world", "test key", iv) == documented


async def test_plain_event_carries_the_token(start: Start, app: App) -> None:
    platform = await start(webhook=app.url, verification_token=TOKEN)

    said = await platform.say()
    errors = await outcomes(platform, said["event_id"], 1)

    headers, body = app.posted[0]
    assert errors == [None]
    assert orjson.loads(body)["header"]["token"] == TOKEN
    assert "X-Lark-Signature" not in headers


async def test_first_generation_event_carries_the_token(start: Start, app: App) -> None:
    platform = await start(webhook=app.url, verification_token=TOKEN)

    fired = await platform.post("/_sim/events/approval_instance", {})
    await outcomes(platform, fired["event_id"], 1)

    assert orjson.loads(app.posted[0][1])["token"] == TOKEN


async def test_encrypted_event_is_signed_over_its_raw_body(start: Start, app: App) -> None:
    platform = await start(webhook=app.url, encrypt_key=KEY, verification_token=TOKEN)

    said = await platform.say("secret")
    await outcomes(platform, said["event_id"], 1)

    headers, body = app.posted[-1]
    names = ("X-Lark-Request-Timestamp", "X-Lark-Request-Nonce")
    signed = "".join(headers[name] for name in names) + KEY
    assert headers["X-Lark-Signature"] == hashlib.sha256(signed.encode() + body).hexdigest()
    assert b"secret" not in body
    assert decrypted(body)["header"]["event_id"] == said["event_id"]


@pytest.mark.parametrize("status", [204, 302, 400, 500])
async def test_any_answer_but_200_climbs_the_ladder(start: Start, app: App, status: int) -> None:
    platform = await start(webhook=app.url, time_scale=1000)
    app.answers.put_nowait(web.Response(status=status, headers={"Location": app.url}))

    said = await platform.say()
    errors = await outcomes(platform, said["event_id"], 2)

    assert errors == [f"HTTP {status}", None]
    assert len({orjson.loads(body)["header"]["event_id"] for _, body in app.posted}) == 1


async def test_answer_after_the_deadline_is_none(start: Start, app: App) -> None:
    platform = await start(webhook=app.url, ack_deadline=0.2, time_scale=1000)
    app.answers.put_nowait(None)

    said = await platform.say()
    await platform.eventually(said["event_id"], "ack_code", 200)

    # On a slow machine more than one answer is late.
    *late, last = [each["error"] for each in await platform.deliveries(said["event_id"])]
    assert (set(late), last) == ({"no answer in time"}, None)


async def test_webhook_nobody_serves_climbs_the_whole_ladder(start: Start) -> None:
    platform = await start(webhook="http://127.0.0.1:1/hook", time_scale=10_000_000)

    said = await platform.say()
    errors = await outcomes(platform, said["event_id"], 5)

    assert len(errors) == 5
    assert all("Connect" in each for each in errors)


async def test_event_goes_both_ways_at_once(start: Start, app: App) -> None:
    platform = await start(webhook=app.url)
    socket = await platform.connect()

    said = await platform.say()
    await socket.ack(await socket.receive())
    errors = await outcomes(platform, said["event_id"], 2)

    routes = {each["route"] for each in await platform.deliveries(said["event_id"])}
    assert errors == [None, None]
    assert routes == {"long connection", "webhook"}


async def test_app_with_a_webhook_needs_no_connection(start: Start, app: App) -> None:
    platform = await start(webhook=app.url)

    said = await platform.say()

    assert await outcomes(platform, said["event_id"], 1) == [None]


async def test_malformed_raw_events_are_posted_as_they_are(start: Start, app: App) -> None:
    platform = await start(webhook=app.url, verification_token=TOKEN)

    async with platform.http.post(
        f"{platform.url}/_sim/events", data=b'["no", "event"]'
    ) as response:
        pushed = await response.json()

    assert await outcomes(platform, pushed["event_id"], 1) == [None]
    assert app.posted[0][1] == b'["no", "event"]'


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (web.Response, None),
        (lambda: web.Response(status=500), 200671),
        (lambda: web.Response(body=b"nonsense"), 200672),
        (lambda: web.Response(body=b"[]"), 200672),
        (lambda: None, NOT_IN_TIME),
    ],
)
async def test_user_is_shown_what_the_webhook_answers(
    start: Start, app: App, answer: Any, code: int | None
) -> None:
    deadline = 0.3 if code == NOT_IN_TIME else PATIENCE
    platform = await start(webhook=app.url, ack_deadline=deadline)
    await platform.say("a link")
    await soon(lambda: _posted(app, 1))
    app.answers.put_nowait(answer())

    shown = await platform.post("/_sim/events/url.preview.get", {})

    told = shown["error"] and shown["error"]["code"]
    assert told == code


async def _posted(app: App, count: int) -> bool:
    return len(app.posted) >= count
