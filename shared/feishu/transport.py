"""HTTP to Feishu: one pooled keep-alive session, and refusals as typed faults."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from shared.errors import FeishuUnavailable, NoSuchApi
from shared.feishu.refusals import fault_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

_USER_AGENT: Final = "larkspur"


class Transport:
    """Calls of one Feishu domain."""

    def __init__(self, session: ClientSession) -> None:
        self.session = session

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        token: str | None = None,
    ) -> dict[str, Any]:
        """Make one call and return the whole answer, whose `code` is 0.

        Raises:
            FeishuUnavailable: no answer, none that is JSON, or one that says "later".
            NoSuchApi: among these, an HTTP 404 that is not Feishu's own.
            FeishuRateLimited: slower; `retry_after` if Feishu named it.
            FeishuRejected: no, with Feishu's code and log id.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            async with self.session.request(method, path, json=body, headers=headers) as response:
                raw = await response.read()
                status, heard = response.status, response.headers
        except (ClientError, TimeoutError, OSError) as error:
            reason = str(error) or type(error).__name__
            raise FeishuUnavailable(f"{method} {path}: {reason}") from error
        answer = _parsed(raw)
        code = answer.get("code")
        if code == 0:
            return answer
        if not isinstance(code, int):  # a proxy's page, or half an answer
            kind = NoSuchApi if status == HTTPStatus.NOT_FOUND else FeishuUnavailable
            raise kind(f"{method} {path}: HTTP {status} without a code")
        raise fault_of(
            status,
            code,
            str(answer.get("msg") or f"HTTP {status}"),
            log_id=heard.get("X-Tt-Logid"),
            reset=_seconds(heard.get("x-ogw-ratelimit-reset")),
        )


@asynccontextmanager
async def connected(domain: str, *, timeout: float = 10.0) -> AsyncIterator[Transport]:
    """Open a session that is closed at the end. `timeout` bounds one whole call, in seconds.

    Proxies are taken from the environment.
    """
    async with ClientSession(
        base_url=domain,
        timeout=ClientTimeout(total=timeout, connect=min(timeout, 5.0)),
        headers={"User-Agent": _USER_AGENT},
        json_serialize=lambda value: orjson.dumps(value).decode(),
        trust_env=True,
    ) as session:
        yield Transport(session)
        await asyncio.sleep(0)  # lets closing connections leave the loop


def _parsed(raw: bytes) -> dict[str, Any]:
    """What is no JSON object is an answer without a code."""
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(value: str | None) -> float | None:
    try:
        return None if value is None else max(0.0, float(value))
    except ValueError:
        return None
