"""Promise 9: nothing private in logs, metrics, task arguments or Flower; ids only."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.eventually import eventually
from tests.stage import APP_SECRET, free_port

if TYPE_CHECKING:
    from tests.stage import Stage

pytestmark = pytest.mark.timeout(120)

SECRET_TEXT = "the merger is on friday"
PASSWORD = "open-sesame"


def test_logs_and_metrics_hold_ids_but_no_text_and_no_secret(stage: Stage) -> None:
    ingress, worker = stage.start_ingress(), stage.start_worker()

    message_id = stage.say(SECRET_TEXT)

    stage.answer(message_id)
    worker.says("turn.replied")
    with urlopen(f"{stage.ingress_url}/metrics") as response:
        metrics = response.read().decode()
    assert message_id in ingress.log()
    assert message_id in worker.log()
    for output in (ingress.log(), worker.log(), metrics):
        for private in (SECRET_TEXT, APP_SECRET, stage.environment["OPENAI_API_KEY"], "ticket="):
            assert private not in output


def test_flower_asks_for_its_password_and_shows_turns_by_conversation(stage: Stage) -> None:
    stage.start_ingress()
    port = free_port()
    stage.start(
        *("flower", "-m", "cli", "flower"),
        LARKSPUR_FLOWER__PORT=str(port),
        LARKSPUR_FLOWER__PASSWORD=PASSWORD,
    )
    url = f"http://127.0.0.1:{port}/api/tasks"
    eventually(lambda: _status(url), within=40)
    stage.start_worker()
    message_id = stage.say(SECRET_TEXT)
    stage.answer(message_id)

    (task,) = eventually(lambda: list(_get(url).values()))

    assert _status(url) == 401
    assert (task["name"], task["args"]) == ("turn", f"('{stage.chat_of(message_id)}',)")
    assert SECRET_TEXT not in json.dumps(_get(url))


def test_flower_without_a_password_does_not_start(stage: Stage) -> None:
    flower = stage.start("flower", "-m", "cli", "flower")

    assert flower.ended(within=30) == 78
    assert "LARKSPUR_FLOWER__PASSWORD: is not set" in flower.log()


def _get(url: str) -> dict[str, dict[str, str]]:
    credentials = base64.b64encode(f"larkspur:{PASSWORD}".encode()).decode()
    request = Request(url, headers={"Authorization": f"Basic {credentials}"})
    with urlopen(request, timeout=5) as response:
        tasks: dict[str, dict[str, str]] = json.loads(response.read())
    return tasks


def _status(url: str) -> int:
    try:
        with urlopen(url, timeout=5) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code
    except OSError:
        return 0
