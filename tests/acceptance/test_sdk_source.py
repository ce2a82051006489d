"""The promises hold when the official SDK is the source, and nobody pays for it otherwise."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from tests.eventually import eventually
from tests.stage import APP_SECRET

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage

pytestmark = [
    # A refusal is due after 2.5 s: the platform's 3 s are few for a machine that stands still.
    pytest.mark.simulator("--reconnect-nonce", "0", "--ack-deadline", "8"),
]

SECRET_TEXT = "the merger is on friday"


def start_sdk_ingress(stage: Stage, **environment: str) -> Process:
    return stage.start_ingress(ready=False, LARKSPUR_INGRESS__SOURCES="sdk", **environment)


def await_ready(stage: Stage) -> None:
    eventually(lambda: stage.get_ready()[0])


def test_message_is_answered_and_nothing_private_is_said(stage: Stage) -> None:
    ingress = start_sdk_ingress(stage, LARKSPUR_LOG__LEVEL="DEBUG")
    await_ready(stage)
    stage.start_worker()

    message_id = stage.say(SECRET_TEXT)

    assert stage.answer(message_id) == f"You said: {SECRET_TEXT}"
    with urlopen(f"{stage.ingress_url}/metrics") as response:
        metrics = response.read().decode()
    ingress.says(message_id)
    for output in (ingress.log(), metrics):
        for private in (SECRET_TEXT, APP_SECRET, "ticket=", "access_key="):
            assert private not in output
    assert stage.metric("larkspur_last_pong_age_seconds") >= 0


def test_event_that_redis_cannot_take_is_acked_500_and_comes_again(stage: Stage) -> None:
    start_sdk_ingress(stage)
    await_ready(stage)
    stage.kill_valkey()
    message_id = stage.say("hello")
    eventually(lambda: [one for one in stage.deliveries(message_id) if one["ack_code"] == 500])

    stage.start_valkey()
    stage.start_worker()

    assert stage.answer(message_id) == "You said: hello"


def test_wrong_secret_exits_78_with_the_names_of_the_settings(stage: Stage) -> None:
    ingress = start_sdk_ingress(stage, FEISHU_APP_SECRET="wrong")

    assert ingress.ended() == 78
    assert "FEISHU_APP_ID, FEISHU_APP_SECRET: Feishu says 1000040345" in ingress.log()


def test_told_to_stop_it_ends_with_0(stage: Stage) -> None:
    ingress = start_sdk_ingress(stage)
    await_ready(stage)

    ingress.send(signal.SIGTERM)

    assert ingress.ended() == 0


def test_ingress_that_chose_nothing_never_loads_the_sdk(stage: Stage) -> None:
    ingress = stage.start("ingress", "-X", "importtime", "-m", "ingress")

    await_ready(stage)

    assert "aiohttp" in ingress.log()
    assert "lark_oapi" not in ingress.log()
