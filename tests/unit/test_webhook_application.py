from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingress.health import Health
from ingress.metrics import Metrics
from ingress.sources.source import AGAIN, STORED, Ack, Delivery
from ingress.sources.webhook import application, request
from ingress.sources.webhook.application import Application
from ingress.sources.webhook.gate import Gate
from shared.settings import Webhook
from tests.factories import message, payload
from tests.posted import KEY, TOKEN, challenge, raw, sealed, signed

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/webhook/event"
BEGUN = {"type": "http.request", "body": b"{", "more_body": True}
GONE = {"type": "http.disconnect"}


class Posting:
    """The application, a sender, and an acceptor that answers as it is told to."""

    def __init__(self, *, ack: Ack | None = STORED, **given: Any) -> None:
        keys = {"encrypt_key": KEY, "verification_token": TOKEN}
        webhook = Webhook(**{**keys, **given})
        self.metrics = Metrics(Health())
        self.taken: list[Delivery] = []
        self._ack = ack
        self._application = Application(webhook, Gate(webhook), self.metrics, self._take)
        self.sent: list[Mapping[str, Any]] = []
        self.left: list[Mapping[str, Any]] = []

    async def post(
        self,
        *parts: bytes | Mapping[str, Any],
        headers: Mapping[bytes, bytes] | None = None,
        path: str = PATH,
        method: str = "POST",
    ) -> int:
        """Send a body in parts, or other messages, and return the answer's status; 0 for none."""
        self.left = [
            {"type": "http.request", "body": part, "more_body": number < len(parts)}
            if isinstance(part, bytes)
            else part
            for number, part in enumerate(parts, 1)
        ]
        self.sent.clear()
        scope = {"type": "http", "path": path, "method": method}
        scope["headers"] = [*(headers or {}).items()]  # type: ignore[assignment]
        await self._application(scope, self._receive, self._send)
        return self.sent[0]["status"] if self.sent else 0

    @property
    def answer(self) -> Any:
        return json.loads(self.sent[1]["body"])

    def rejected(self, reason: str) -> float:
        return (
            self.metrics.registry.get_sample_value("larkspur_rejected_total", {"reason": reason})
            or 0.0
        )

    def _take(self, delivery: Delivery) -> None:
        self.taken.append(delivery)
        if self._ack is not None:
            delivery.answer(self._ack)

    async def _receive(self) -> Mapping[str, Any]:
        if not self.left:
            await asyncio.Event().wait()
        return self.left.pop(0)

    async def _send(self, sent: Mapping[str, Any]) -> None:
        self.sent.append(sent)


def said() -> bytes:
    event = message()
    event["header"]["token"] = TOKEN
    return payload(event)


async def test_stored_event_is_answered_with_an_empty_object() -> None:
    posting, event = Posting(), said()
    body = sealed(event)

    status = await posting.post(body[:20], body[20:], headers=raw(signed(body)))

    assert (status, posting.answer) == (200, {})
    assert [delivery.payload for delivery in posting.taken] == [event]


async def test_answer_of_a_callback_goes_back_as_it_is() -> None:
    toast = {"toast": {"type": "info", "content": "pressed"}}
    posting = Posting(ack=Ack(HTTPStatus.OK, json.dumps(toast).encode()), encrypt_key=None)

    status = await posting.post(said())

    assert (status, posting.answer) == (200, toast)


async def test_event_that_is_to_come_again_is_answered_500() -> None:
    posting = Posting(ack=AGAIN, encrypt_key=None)

    assert await posting.post(said()) == 500


async def test_event_that_nobody_answers_is_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "ANSWER_WITHIN", 0.01)
    posting = Posting(ack=None, encrypt_key=None)

    assert await posting.post(said()) == 500
    posting.taken[0].answer(STORED)  # too late, and no fault


@pytest.mark.parametrize(
    ("headers", "trace_id"),
    [
        ({b"x-request-id": b"r-1"}, "r-1"),
        ({b"x-request-id": b"r-1", b"x-tt-logid": b"2024.log:1"}, "2024.log:1"),
        ({b"x-request-id": b"r-1", b"x-tt-logid": b"no way"}, "r-1"),
        ({b"x-request-id": b"r" * 129}, ""),
        ({b"x-request-id": b"r\n"}, ""),
        ({}, ""),
    ],
)
async def test_trace_id_is_a_sane_header(headers: dict[bytes, bytes], trace_id: str) -> None:
    posting = Posting(encrypt_key=None)

    await posting.post(said(), headers=headers)

    assert posting.taken[0].trace_id == trace_id


async def test_challenge_is_said_back_whatever_becomes_of_events() -> None:
    posting = Posting(ack=None)

    status = await posting.post(sealed(challenge("\ud83d 说")))

    assert (status, posting.answer) == (200, {"challenge": "\ud83d 说"})
    assert not posting.taken


async def test_rejected_request_is_counted_by_its_reason_which_is_not_told() -> None:
    posting = Posting()

    status = await posting.post(sealed(said()))

    assert (status, posting.answer, posting.taken) == (401, {}, [])
    assert posting.rejected("unsigned") == 1


@pytest.mark.parametrize("declared", [b"101", b"9" * 5000])
async def test_body_that_is_declared_too_large_is_not_read(declared: bytes) -> None:
    posting = Posting(max_body_bytes=100)

    status = await posting.post(b"a", headers={b"content-length": declared})

    assert (status, len(posting.left), posting.rejected("too_large")) == (413, 1, 1)


async def test_body_that_grows_too_large_is_read_no_further() -> None:
    posting = Posting(max_body_bytes=100)

    status = await posting.post(b"a" * 60, b"a" * 60, b"a" * 60)

    assert (status, len(posting.left), posting.rejected("too_large")) == (413, 1, 1)
    assert (b"connection", b"close") in posting.sent[0]["headers"]


async def test_body_of_exactly_the_limit_is_read() -> None:
    body = said()

    assert await Posting(max_body_bytes=len(body), encrypt_key=None).post(body) == 200


async def test_body_that_does_not_end_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "WHOLE_WITHIN", 0.01)
    posting = Posting()

    status = await posting.post(BEGUN)

    assert (status, posting.rejected("too_slow")) == (408, 1)


async def test_sender_who_leaves_before_the_end_is_not_answered() -> None:
    posting = Posting()

    assert await posting.post(BEGUN, GONE) == 0
    assert not posting.taken


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "POST", 404), (PATH + "/", "POST", 404), (PATH, "GET", 405), (PATH, "HEAD", 405)],
)
async def test_only_a_post_to_the_path_is_taken(path: str, method: str, status: int) -> None:
    assert await Posting(insecure=True).post(said(), path=path, method=method) == status


NAMES = [b"content-length", b"x-lark-signature", b"x-lark-request-timestamp", b"x-request-id"]
ENVELOPES = st.dictionaries(
    st.sampled_from(["type", "challenge", "token", "header", "encrypt", "event", "uuid"]),
    st.none()
    | st.integers()
    | st.text()
    | st.sampled_from(["url_verification", TOKEN])
    | st.dictionaries(st.sampled_from(["token", "event_id"]), st.text() | st.just(TOKEN)),
)
BODIES = st.binary() | ENVELOPES.map(lambda event: json.dumps(event).encode())
HEADERS = st.dictionaries(st.sampled_from(NAMES) | st.binary(), st.binary())


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(BODIES | BODIES.map(sealed), min_size=1, max_size=3),
    headers=HEADERS,
    properly=st.booleans(),
    keys=st.sampled_from([{}, {"encrypt_key": None}, {"verification_token": None}]),
)
def test_anything_from_anybody_is_answered(
    parts: list[bytes], headers: dict[bytes, bytes], keys: dict[str, Any], *, properly: bool
) -> None:
    if properly:
        headers |= raw(signed(b"".join(parts)))
        headers.pop(b"content-length", None)

    status = asyncio.run(Posting(**keys).post(*parts, headers=headers))

    assert status in {200, 400, 401, 413}
