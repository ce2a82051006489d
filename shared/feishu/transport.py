"""HTTP to Feishu: one pooled keep-alive session, and refusals as typed faults."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, FormData

from shared.errors import FeishuUnavailable, NoSuchApi, TooLarge
from shared.feishu.call import Upload
from shared.feishu.refusals import fault_of
from shared.proxies import proxy_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from shared.feishu.call import Call

_USER_AGENT: Final = "larkspur"
_LONGEST: Final = 3600.0
_JSON: Final = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it says. Names of headers are of any case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Transport:
    """Calls of one Feishu domain."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def call(self, call: Call, *, token: str | None = None) -> dict[str, Any]:
        """Make a call and return the whole answer, whose `code` is 0.

        Raises:
            FeishuUnavailable: no answer, none that is JSON, or one that says "later".
            NoSuchApi: among these, an HTTP 404 that is not Feishu's own.
            FeishuRateLimited: slower; `retry_after` if Feishu named it.
            FeishuRejected: no, with Feishu's code and log id.
        """
        return _accepted(call, await self._exchange(call, token))

    async def fetch(self, call: Call, *, token: str | None = None) -> Answer:
        """Make a call as `call` does, and return its answer as it came."""
        answer = await self._exchange(call, token)
        _accepted(call, answer)
        return answer

    async def download(
        self, call: Call, *, token: str | None = None, at_most: int | None = None
    ) -> Answer:
        """Make a call that is answered with a file; raises as `call` does.

        Raises:
            TooLarge: it has more than `at_most` bytes; no more than these were read.
        """
        answer = await self._exchange(call, token, at_most)
        if answer.status != HTTPStatus.OK:
            _accepted(call, answer)
        return answer

    async def _exchange(self, call: Call, token: str | None, at_most: int | None = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if call.form is None and call.body is not None:
            headers["Content-Type"] = _JSON
        try:
            async with self.session.request(
                call.method, call.path, params=call.query, data=_data(call), headers=headers
            ) as response:
                content = await _read(response, at_most)
                return Answer(response.status, response.headers, content)
        except (ClientError, TimeoutError, OSError) as error:
            raise FeishuUnavailable(f"{call}: {str(error) or type(error).__name__}") from error


@asynccontextmanager
async def connected(domain: str, *, timeout: float = 10.0) -> AsyncIterator[Transport]:
    """Open a session that is closed at the end. `timeout` bounds one whole call, in seconds.

    Proxies are taken from the environment.
    """
    async with ClientSession(
        base_url=domain,
        timeout=ClientTimeout(total=timeout, connect=min(timeout, 5.0)),
        headers={"User-Agent": _USER_AGENT},
        proxy=await asyncio.to_thread(proxy_for, domain),
    ) as session:
        yield Transport(session)
        await asyncio.sleep(0)  # lets closing connections leave the loop


async def _read(response: ClientResponse, at_most: int | None) -> bytes:
    if at_most is None:
        return await response.read()
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > at_most:
            raise TooLarge(f"more than {at_most} bytes")
    return bytes(content)


def _data(call: Call) -> FormData | bytes | None:
    if call.form is None:
        return call.body if isinstance(call.body, bytes | None) else orjson.dumps(call.body)
    form = FormData(default_to_multipart=True)
    for name, value in call.form.items():
        if isinstance(value, Upload):
            form.add_field(name, value.content, filename=value.name)
        else:
            form.add_field(name, value)
    return form


def _accepted(call: Call, answer: Answer) -> dict[str, Any]:
    body = _parsed(answer.content)
    code = body.get("code")
    if code == 0:
        return body
    if not isinstance(code, int):  # a proxy's page, or half an answer
        kind = NoSuchApi if answer.status == HTTPStatus.NOT_FOUND else FeishuUnavailable
        raise kind(f"{call}: HTTP {answer.status} without a code")
    raise fault_of(
        answer.status,
        code,
        str(body.get("msg") or f"HTTP {answer.status}"),
        log_id=answer.headers.get("X-Tt-Logid"),
        reset=_number(answer.headers.get("x-ogw-ratelimit-reset")),
        limit=_number(answer.headers.get("x-ogw-ratelimit-limit")),
    )


def _parsed(raw: bytes) -> dict[str, Any]:
    """What is no JSON object is an answer without a code."""
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _number(value: str | None) -> float | None:
    """Read a header; no limit of the platform is longer than a minute, so nothing absurd is."""
    try:
        return None if value is None else min(max(0.0, float(value)), _LONGEST)
    except ValueError:
        return None
