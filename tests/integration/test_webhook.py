from __future__ import annotations

import asyncio
import json
import signal
import socket
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from cli.ports import free_port
from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.source import STORED, Ack, Delivery
from ingress.sources.webhook.webhook import Webhook
from shared.errors import ConfigurationError
from shared.settings import Webhook as Settings
from tests.eventually import PATIENCE, soon
from tests.factories import message, payload
from tests.posted import KEY, TOKEN, challenge, sealed, signed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Listening:
    """A webhook on a port of its own; what it takes waits in `taken` for the test to answer."""

    def __init__(self, **given: Any) -> None:
        keys = {"encrypt_key": KEY, "verification_token": TOKEN}
        self.port = free_port()
        self.health = Health()
        self.source = Webhook(
            Settings(**{**keys, "port": self.port, **given}), Metrics(self.health), self.health
        )
        self.taken: asyncio.Queue[Delivery] = asyncio.Queue()
        self.running = asyncio.create_task(self.source.run(self.taken.put_nowait))
        self.http = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        async with self.http.post("/webhook/event", data=body, headers=headers) as response:
            return response.status, await response.json()

    def say(self) -> asyncio.Task[tuple[int, Any]]:
        """Post a message as the platform does."""
        event = message()
        event["header"]["token"] = TOKEN
        body = sealed(payload(event))
        return asyncio.create_task(self.post(body, signed(body)))


@asynccontextmanager
async def listening(**given: Any) -> AsyncIterator[Listening]:
    webhook = Listening(**given)
    try:
        await soon(lambda: _ready(webhook.health))
        yield webhook
    finally:
        await webhook.http.close()
        webhook.running.cancel()
        await asyncio.gather(webhook.running, return_exceptions=True)


async def _ready(health: Health) -> bool:
    return health.ready("webhook")


async def test_post_is_answered_when_its_event_is() -> None:
    async with listening() as webhook:
        posting = webhook.say()
        delivery = await webhook.taken.get()
        assert not posting.done()

        delivery.answer(STORED)

        assert await posting == (200, {})


async def test_answer_of_a_callback_is_what_is_sent_back() -> None:
    toast = {"toast": {"type": "info", "content": "说"}}
    async with listening() as webhook:
        posting = webhook.say()

        (await webhook.taken.get()).answer(Ack(HTTPStatus.OK, json.dumps(toast).encode()))

        assert await posting == (200, toast)


async def test_challenge_is_answered_while_events_wait() -> None:
    async with listening() as webhook:
        waiting = webhook.say()
        delivery = await webhook.taken.get()

        assert await webhook.post(sealed(challenge())) == (200, {"challenge": "say this"})

        delivery.answer(STORED)
        await waiting


async def test_sender_who_leaves_disturbs_nobody() -> None:
    async with listening() as webhook:
        leaving, staying = webhook.say(), webhook.say()
        deliveries = [await webhook.taken.get(), await webhook.taken.get()]

        leaving.cancel()
        await asyncio.wait([leaving])
        for delivery in deliveries:
            delivery.answer(STORED)

        assert await staying == (200, {})
        assert await webhook.post(sealed(challenge())) == (200, {"challenge": "say this"})


async def test_sender_who_leaves_before_the_end_of_a_body_disturbs_nobody() -> None:
    async with listening() as webhook:
        _, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
        writer.write(b"POST /webhook/event HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

        assert await webhook.post(sealed(challenge())) == (200, {"challenge": "say this"})


async def test_body_that_would_be_too_large_is_refused_before_it_comes() -> None:
    async with listening(max_body_bytes=1000) as webhook:
        reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
        writer.write(b"POST /webhook/event HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")

        answer = await reader.read()  # to its end: the connection is closed

        assert answer.startswith(b"HTTP/1.1 413 ")
        writer.close()
        await writer.wait_closed()


async def test_body_without_a_declared_length_is_cut_off_at_the_limit() -> None:
    async with listening(max_body_bytes=100) as webhook:
        reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
        writer.write(
            b"POST /webhook/event HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"65\r\n" + b"a" * 101 + b"\r\n"
        )

        answer = await reader.read()

        assert answer.startswith(b"HTTP/1.1 413 ")
        writer.close()
        await writer.wait_closed()


async def test_what_is_no_http_is_answered_400() -> None:
    async with listening() as webhook:
        reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)
        writer.write(b"\x16\x03\x01\x02\x00\r\n\r\n")

        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")

        writer.close()
        await writer.wait_closed()
        assert await webhook.post(sealed(challenge())) == (200, {"challenge": "say this"})


async def test_leaving_answers_what_is_in_flight_and_listens_no_more() -> None:
    async with listening() as webhook:
        posting = webhook.say()
        delivery = await webhook.taken.get()

        webhook.source.leave()
        assert not webhook.health.ready("webhook")
        await soon(lambda: _refuses(webhook.port))
        assert not webhook.running.done()
        delivery.answer(STORED)

        assert await posting == (200, {})
        await asyncio.wait_for(webhook.running, PATIENCE)


async def test_leaving_waits_for_no_idle_connection() -> None:
    async with listening() as webhook:
        await webhook.post(sealed(challenge()))
        reader, writer = await asyncio.open_connection("127.0.0.1", webhook.port)

        webhook.source.leave()

        await asyncio.wait_for(webhook.running, PATIENCE)
        assert await reader.read() == b""
        writer.close()


async def test_source_that_was_left_before_it_ran_does_not_listen() -> None:
    webhook = Listening()

    webhook.source.leave()

    await webhook.running
    assert await _refuses(webhook.port)
    await webhook.http.close()


async def test_cancelled_source_leaves_nothing_open() -> None:
    async with listening() as webhook:
        posting = webhook.say()
        await webhook.taken.get()

        webhook.running.cancel()

        with pytest.raises(asyncio.CancelledError):
            await webhook.running
        with pytest.raises(aiohttp.ClientError):
            await posting
        assert await _refuses(webhook.port)


async def test_signals_stay_with_the_ingress() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    async with listening():
        during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    assert during == before


async def test_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        source = Listening(port=taken.getsockname()[1])

        with pytest.raises(ConfigurationError, match=r"LARKSPUR_WEBHOOK__PORT.*in use"):
            await source.running

        assert not source.health.ready("webhook")
        await source.http.close()


async def _refuses(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return True
    writer.close()
    return False
