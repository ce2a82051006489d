"""The official WebSocket client, unmodified, as a program: it never returns by itself.

    sdk_socket.py URL APP_ID APP_SECRET

Prints `handled EVENT_ID TEXT` for each message it has handled, `pressed ACT` for each press, and
`raised ERROR CODE` when the client gives up. A message that starts with "fail" makes the handler
raise the first time, one that starts with "slow" makes it take 1.2 s the first time.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import lark_oapi as lark
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse
from lark_oapi.ws.exception import ClientException

seen: set[str] = set()


def handle(event: lark.im.v1.P2ImMessageReceiveV1) -> None:
    event_id = event.header.event_id
    text = json.loads(event.event.message.content)["text"]
    first = event_id not in seen
    seen.add(event_id)
    say("handled", event_id, text)
    if first and text.startswith("slow"):
        time.sleep(1.2)
    if first and text.startswith("fail"):
        raise RuntimeError(text)


def press(event: Any) -> Any:
    """Answer a press with a toast and a card that say what was pressed."""
    value = event.event.action.value["act"]
    say("pressed", value)
    card = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": value}]}}
    return P2CardActionTriggerResponse(
        {"toast": {"type": "success", "content": value}, "card": {"type": "raw", "data": card}}
    )


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(url: str, app_id: str, app_secret: str) -> None:
    handler = (
        lark.EventDispatcherHandler.builder("", "")
        .register_p2_im_message_receive_v1(handle)
        .register_p2_card_action_trigger(press)
        .build()
    )
    client = lark.ws.Client(app_id, app_secret, event_handler=handler, domain=url)
    try:
        client.start()
    except ClientException as error:
        say("raised", type(error).__name__, error.code)


if __name__ == "__main__":
    main(*sys.argv[1:])
