"""A request that is turned away."""

from __future__ import annotations

from http import HTTPStatus

from shared.errors import PermanentError


class Rejected(PermanentError):
    """`reason` is one word, a metric label; it is for us alone, the sender is told the `status`."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
