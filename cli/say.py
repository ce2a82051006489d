"""`larkspur say`: one message to the bot, one answer printed."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

import click

from shared.settings import UpSettings, read


@click.command()
@click.argument("text")
@click.option("--group", is_flag=True, help='Say it in the group "team"; mention the bot as @bot.')
@click.option("--user", default="alice", show_default=True, help="Who says it.")
@click.option("--timeout", default=30.0, show_default=True, help="Seconds to wait for the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print ids, revisions and latencies too.")
@click.option(
    "--simulator", metavar="URL", help="Where the simulator is.  [default: where `up` has it]"
)
def command(
    *, text: str, group: bool, user: str, timeout: float, as_json: bool, simulator: str | None
) -> None:
    """Say TEXT to the bot as a user of the simulator, and print its answer.

    Exits 1 when none comes in time.
    """
    url = simulator or f"http://127.0.0.1:{read(UpSettings).up.simulator_port}"
    said = {"user": user, "chat": "team" if group else "p2p", "text": text}
    try:
        sent = _asked(url, "POST", "/_sim/messages", body=said)
        query = urlencode({"timeout": timeout})
        heard = _asked(url, "GET", f"/_sim/answers/{sent['message_id']}?{query}", timeout=timeout)
    except (OSError, HTTPException) as error:
        _fail(f"no simulator at {url} ({error}); is `make run` running?")
    if as_json:
        print(json.dumps(heard, ensure_ascii=False, indent=2))
    else:
        print("\n".join(answer["text"] for answer in heard["answers"]))


def _asked(
    url: str, method: str, path: str, *, body: dict[str, str] | None = None, timeout: float = 5.0
) -> dict[str, Any]:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=timeout + 5.0)
    try:
        encoded = None if body is None else json.dumps(body)
        connection.request(method, path, encoded, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    finally:
        connection.close()
    if response.status != HTTPStatus.OK:
        _fail(str(answer.get("error", f"HTTP {response.status}")))
    return answer


def _fail(reason: str) -> None:
    print(f"larkspur say: {reason}", file=sys.stderr)
    sys.exit(1)
