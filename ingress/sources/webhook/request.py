"""What is posted: its headers, and its body up to a limit."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from ingress.sources.webhook.rejected import Rejected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Scope = Mapping[str, Any]
    Receive = Callable[[], Awaitable[Mapping[str, Any]]]

WHOLE_WITHIN: Final = 3.0
"""Seconds for a body to arrive; the platform gives the whole request no more (facts 2.1)."""

_TRACE_ID: Final = re.compile(rb"[A-Za-z0-9_.:=@+/-]{1,128}")


class Request:
    """One HTTP request. Of a header that is there twice, the last counts."""

    def __init__(self, scope: Scope) -> None:
        self.path: str = scope["path"]
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

    @property
    def trace_id(self) -> str:
        """The id under which the platform or a proxy knows the request; empty if there is none."""
        for name in (b"x-tt-logid", b"x-request-id"):
            found = self.headers.get(name, b"")
            if _TRACE_ID.fullmatch(found):
                return found.decode()
        return ""

    async def body(self, receive: Receive, *, at_most: int) -> bytes | None:
        """Return the body, or None if the sender left before its end.

        Raises:
            Rejected: `too_large`, before more of it is read, or `too_slow`.
        """
        declared = self.headers.get(b"content-length", b"")
        if declared.isdigit() and (len(declared) > len(str(at_most)) or int(declared) > at_most):
            raise _too_large()
        try:
            async with asyncio.timeout(WHOLE_WITHIN):
                return await _whole(receive, at_most)
        except TimeoutError as error:
            raise Rejected("too_slow", HTTPStatus.REQUEST_TIMEOUT) from error


async def _whole(receive: Receive, at_most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > at_most:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(body)


def _too_large() -> Rejected:
    return Rejected("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
