"""A plain chat with a model over a real socket."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from shared.errors import LarkspurError, ModelRefused, ModelUnavailable
from shared.model.ids import MessageId
from shared.model.prompt import Picture, Prompt
from shared.settings import Model as Settings
from tests.integration.modelled import answering
from tests.unit.test_sse import chunk, event, finish
from workers.responders.chat import chat
from workers.responders.exchange import in_words, read, written
from workers.responders.responder import Query

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from shared.model.progress import Progress
    from workers.responders.responder import Answer

HOLD = b"hold"
HELLO = (event(chunk("Hel")), event(chunk("lo")), event(finish()), b"data: [DONE]\n\n")


class Model:
    """Says what it is given, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        self.says: Sequence[bytes] = HELLO
        self.status = 200
        self.kind = "text/event-stream"
        self.more: dict[str, str] = {}
        self.url = ""

    async def complete(self, request: web.Request) -> web.StreamResponse:
        self.asked, self.headers = await request.json(), dict(request.headers)
        headers = {"Content-Type": self.kind, **self.more}
        response = web.StreamResponse(status=self.status, headers=headers)
        await response.prepare(request)
        for piece in self.says:
            if not piece:
                assert request.transport is not None
                request.transport.abort()
            elif piece == HOLD:
                await asyncio.Event().wait()
            await response.write(piece)
            await asyncio.sleep(0)
        return response


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    model = Model()
    async with answering(model.complete) as model.url:
        yield model


async def ask(model: Model, history: Sequence[bytes] = ()) -> tuple[Answer, list[str]]:
    """Ask for hello; return the answer, and what was shown of it meanwhile."""
    settings = Settings.model_validate(
        {
            "OPENAI_API_KEY": "a-key",
            "OPENAI_BASE_URL": model.url,
            "LLM_MODEL": "m",
            "instructions": "Be brief.",
        }
    )
    shown: list[Progress] = []
    async with chat.session(settings) as session:
        answer = await chat.Chat(session, settings).answer(
            Query(Prompt("hello?"), history), shown.append
        )
    return answer, [progress.text for progress in shown]


async def test_answer_grows_and_is_kept_whole(model: Model) -> None:
    answer, shown = await ask(model)

    assert answer.progress.text == "Hello"
    assert shown == sorted(shown, key=len)
    assert [said.content for each in read([answer.exchange]) for said in each.said] == [
        "hello?",
        "Hello",
    ]


async def test_model_is_told_of_the_past_and_who_asks(model: Model) -> None:
    foreign = json.dumps([{"kind": "request", "parts": []}]).encode()
    older = b'[{"role": "user", "content": "1?"}, {"role": "assistant", "content": "1!"}]'
    newer = written(MessageId("om_2"), in_words("2?", "2!"))

    await ask(model, [older, b"\x00", foreign, newer])

    assert model.headers["Authorization"] == "Bearer a-key"
    assert [(said["role"], said["content"]) for said in model.asked["messages"]] == [
        ("system", "Be brief."),
        *(("user", "1?"), ("assistant", "1!"), ("user", "2?"), ("assistant", "2!")),
        ("user", "hello?"),
    ]
    assert (model.asked["model"], model.asked["stream"]) == ("m", True)


async def test_pictures_go_with_the_words(model: Model) -> None:
    settings = Settings.model_validate({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": model.url})
    prompt = Prompt("what is this?", (Picture("image/png", b"\x89PNG"),))

    async with chat.session(settings) as session:
        await chat.Chat(session, settings).answer(Query(prompt), lambda _: None)

    words, picture = model.asked["messages"][-1]["content"]
    assert words == {"type": "text", "text": "what is this?"}
    assert picture["image_url"] == {"url": "data:image/png;base64,iVBORw=="}


async def test_footer_tells_of_model_time_and_tokens(model: Model) -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 1000, "completion_tokens": 234}}
    *said, done = model.says
    model.says = [*said, event(usage), done]

    answer, _ = await ask(model)

    assert re.fullmatch(r"m · \d+\.\d s · 1,234 tokens", answer.progress.footer)


async def test_model_that_does_not_stream_is_heard_too(model: Model) -> None:
    whole = {"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}
    model.kind, model.says = "application/json", [json.dumps(whole, indent=2).encode()]

    assert (await ask(model))[0].progress.text == "Hello"


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (500, None, ModelUnavailable),
        (503, None, ModelUnavailable),
        (429, "rate_limit_exceeded", ModelUnavailable),
        (429, "insufficient_quota", ModelRefused),
        (400, "context_length_exceeded", ModelRefused),
        (401, "invalid_api_key", ModelRefused),
        (404, "model_not_found", ModelRefused),
    ],
)
async def test_refusal_is_sorted_and_its_body_not_repeated(
    model: Model, status: int, code: str | None, fault: type[LarkspurError]
) -> None:
    model.status, model.kind = status, "application/json"
    model.says = [json.dumps({"error": {"code": code, "message": "a secret prompt"}}).encode()]

    with pytest.raises(fault, match=f"HTTP {status}") as refused:
        await ask(model)

    assert "secret" not in str(refused.value)


async def test_model_says_how_long_to_wait(model: Model) -> None:
    model.status, model.more = 429, {"Retry-After": "7"}

    with pytest.raises(ModelUnavailable) as refused:
        await ask(model)

    assert refused.value.retry_after == 7.0


async def test_connection_that_breaks_is_a_passing_fault(model: Model) -> None:
    model.says = [event(chunk("Hel")), b""]

    with pytest.raises(ModelUnavailable):
        await ask(model)


async def test_answer_that_is_done_does_not_wait_for_the_connection_to_end(model: Model) -> None:
    model.says = [*HELLO, HOLD]

    assert (await ask(model))[0].progress.text == "Hello"


async def test_nobody_at_that_address_is_a_passing_fault(model: Model) -> None:
    model.url = "http://127.0.0.1:9/v1"

    with pytest.raises(ModelUnavailable):
        await ask(model)
