"""A running simulator, as the command line talks to it."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import click

from shared.settings import UpSettings, read


class Simulated:
    """The simulator at `url`, or where `larkspur up` has it."""

    def __init__(self, url: str | None) -> None:
        self._url = url or f"http://127.0.0.1:{read(UpSettings).up.simulator_port}"

    def ask(self, method: str, path: str, body: Any = None, *, timeout: float = 5.0) -> Any:
        """Return what it answers, as JSON; `timeout` is in seconds.

        Raises:
            ClickException: it is not there, or it refuses; the command ends with 1.
        """
        try:
            status, answer = self._asked(method, path, body, timeout)
        except (OSError, HTTPException, ValueError) as error:
            raise click.ClickException(
                f"no simulator at {self._url} ({error}); is `make run` running?"
            ) from error
        if status != HTTPStatus.OK:
            raise click.ClickException(str(answer.get("error", f"HTTP {status}")))
        return answer

    def _asked(self, method: str, path: str, body: Any, timeout: float) -> tuple[int, Any]:
        place = urlsplit(self._url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=timeout + 5.0)
        try:
            encoded = None if body is None else json.dumps(body)
            connection.request(method, path, encoded, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()
