"""A plain chat with a model behind an OpenAI-compatible endpoint, and nothing between.

It costs a twentieth of what an agent does: see docs/decisions/0006-plain-chats.md.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.usage import Usage
from shared.proxies import proxy_for
from workers.responders.chat.stream import StreamedAnswer
from workers.responders.exchange import in_words, read, written
from workers.responders.responder import Answer, footer

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.errors import LarkspurError
    from shared.model.progress import Progress
    from shared.model.prompt import Prompt
    from shared.settings import Model as ModelSettings
    from workers.responders.responder import Query

_SILENT_AT_MOST: Final = 120.0
"""Seconds without a byte after which a model counts as gone; the turn has a deadline of its own."""

_BETWEEN_READS: Final = 0.1
"""Seconds, from the first text on: what comes meanwhile is read as one."""

_LATER: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
)
_SPENT: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


_STREAMED: Final = {"stream": True, "stream_options": {"include_usage": True}}


class Chat:
    """A `Responder`."""

    def __init__(self, session: ClientSession, settings: ModelSettings) -> None:
        self._session = session
        self._url = f"{settings.base_url.rstrip('/')}/chat/completions"
        self._model = settings.name
        self._instructions = settings.told

    async def answer(self, query: Query, revise: Callable[[Progress], None]) -> Answer:
        """Stream the model's answer and return it whole; see `Responder.answer`."""
        model = query.model or self._model
        body = {"model": model, "messages": self._messages(query), **_STREAMED}
        begun = time.monotonic()
        try:
            async with self._session.post(self._url, json=body) as response:
                answer = await _streamed(response, revise)
        except (ClientError, TimeoutError, OSError) as error:
            raise ModelUnavailable(f"the model: {type(error).__name__}") from error
        told = footer(model, time.monotonic() - begun, answer.tokens)
        exchange = written(query.question, in_words(query.prompt.text, answer.text))
        return Answer(replace(answer.progress, footer=told), exchange, _usage(model, answer))

    def _messages(self, query: Query) -> list[dict[str, Any]]:
        told = self._instructions if query.instructions is None else query.instructions
        past = [said._asdict() for each in read(query.history) for said in each.said]
        asked = {"role": "user", "content": _content(query.prompt)}
        return [*([{"role": "system", "content": told}] if told else []), *past, asked]


def session(settings: ModelSettings) -> ClientSession:
    """Return a pooled HTTP session to the model; proxies are taken from the environment."""
    return ClientSession(
        connector=TCPConnector(limit=0),  # turns are bounded by the worker's places
        headers={"Authorization": f"Bearer {settings.key}"},
        timeout=ClientTimeout(total=None, sock_connect=10.0, sock_read=_SILENT_AT_MOST),
        json_serialize=lambda value: orjson.dumps(value).decode(),
        proxy=proxy_for(settings.base_url),
    )


def _usage(model: str, answer: StreamedAnswer) -> tuple[Usage, ...]:
    return (Usage(model, answer.read, answer.wrote),) if answer.tokens else ()


def _content(prompt: Prompt) -> str | list[dict[str, Any]]:
    """Return words as they are; with pictures, parts (guides/images-vision of the API)."""
    if not prompt.pictures:
        return prompt.text
    urls = [
        f"data:{picture.kind};base64,{b64encode(picture.content).decode()}"
        for picture in prompt.pictures
    ]
    return [
        {"type": "text", "text": prompt.text},
        *({"type": "image_url", "image_url": {"url": url}} for url in urls),
    ]


async def _streamed(response: ClientResponse, revise: Callable[[Progress], None]) -> StreamedAnswer:
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise _fault(response, await response.read())
    answer = StreamedAnswer()
    if response.content_type == "application/json":  # it does not stream
        answer.feed(b"data:" + (await response.read()).replace(b"\n", b" "))
        answer.end()
        return answer
    async for raw in response.content.iter_any():
        answer.feed(raw)
        if answer.is_done:  # whether or not the connection ends
            break
        if answer.has_begun:
            revise(answer.progress)
            await asyncio.sleep(_BETWEEN_READS)
    answer.end()
    return answer


def _fault(response: ClientResponse, raw: bytes) -> LarkspurError:
    """Sort a refusal. Its body is not repeated: it may quote the prompt."""
    status = response.status
    said = f"the model answered HTTP {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS and _code(raw) in _SPENT:
        return ModelRefused(f"{said}: the quota is spent")
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelUnavailable(said, retry_after=_seconds(response.headers.get("Retry-After")))
    return ModelRefused(said)


def _code(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)["error"]["code"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def _seconds(value: str | None) -> float | None:
    try:
        return None if value is None else max(0.0, float(value))
    except ValueError:
        return None
