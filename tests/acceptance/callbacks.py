"""Cards, clicks and a team's answers to them, as the tests of callbacks use them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from tests.eventually import PATIENCE
from tests.stage import APP_ID, APP_SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stage import Stage

ANSWERS = """
import time
from ingress.instant import instant, toast

@instant("card.action.trigger")
def pressed(event):
    match event["action"]["value"]["act"]:
        case "approve": return toast("Approving…")
        case "raise": raise ValueError("a secret")
        case "hang": time.sleep(60)
        case "string": return "Approving…"
        case "set": return {"toast": {1, 2}}
        case "huge": return toast("x" * 1_000_000)

@instant("url.preview.get")
def previewed(event):
    return {"inline": {"title": event["context"]["url"]}}
"""
CARD = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "Shall I?"}]}}
APPROVING = {"type": "info", "content": "Approving…"}
PRESSED, PREVIEWED = "card.action.trigger", "url.preview.get"


def declare(stage: Stage, folder: Path, source: str = ANSWERS) -> None:
    """Give the ingress a module of answers, in the directory processes start in."""
    (folder / "team_answers.py").write_text(source)
    stage.environment["LARKSPUR_INGRESS__INSTANT"] = "team_answers"


def send_card(stage: Stage) -> str:
    """Send a card to alice as the bot does; return the message's id."""
    asked = {"app_id": APP_ID, "app_secret": APP_SECRET}
    token = stage.post("/open-apis/auth/v3/tenant_access_token/internal", asked)
    body = {
        "receive_id": "alice@example.com",
        "msg_type": "interactive",
        "content": json.dumps(CARD),
    }
    sending = Request(
        f"{stage.simulator_url}/open-apis/im/v1/messages?receive_id_type=email",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token['tenant_access_token']}"},
    )
    with urlopen(sending, timeout=PATIENCE) as sent:
        return str(json.load(sent)["data"]["message_id"])


def press(stage: Stage, card: str, act: str) -> Any:
    """Press a button as alice; return what she is shown."""
    action = {"tag": "button", "value": {"act": act}}
    return stage.post("/_sim/press", {"message_id": card, "action": action})


def deliveries(event_type: str, verdict: str) -> str:
    return f'larkspur_deliveries_total{{event_type="{event_type}",verdict="{verdict}"}}'


def accepted(stage: Stage, event_type: str) -> float:
    return stage.metric(deliveries(event_type, "accepted"))


def fate(stage: Stage, event_type: str, fate: str) -> float:
    name = "larkspur_instant_answers_total"
    return stage.metric(f'{name}{{event_type="{event_type}",fate="{fate}"}}')


def acks_of(stage: Stage, event_id: str, count: int) -> list[int | None]:
    found = stage.get(f"/_sim/deliveries?event_id={event_id}")
    codes = [one["ack_code"] for one in found if one["ack_code"] or one["error"]]
    return codes if len(codes) == count else []


def text_of(stage: Stage, message_id: str) -> str:
    """Return what a message shows now."""
    return str(_message(stage, message_id)["text"])


def press_button(stage: Stage, message_id: str, asks_for: str, *, times: int = 1) -> Any:
    """Press the button of an answer's card that asks for something of Larkspur, as alice.

    A card that changes after the first press is still pressed as it was, as an impatient finger
    does.

    Raises:
        LookupError: it has no such button.
    """
    for value in _values(_message(stage, message_id)["card"]):
        if value.get("larkspur") == asks_for:
            press = {"message_id": message_id, "action": {"tag": "button", "value": value}}
            return [stage.post("/_sim/press", press) for _ in range(times)][-1]
    raise LookupError(asks_for)


def _message(stage: Stage, message_id: str) -> dict[str, Any]:
    return next(one for one in stage.messages() if one["message_id"] == message_id)


def _values(node: Any) -> Iterator[dict[str, Any]]:
    """Yield the values of the buttons anywhere in a card."""
    if isinstance(node, list):
        for each in node:
            yield from _values(each)
    elif isinstance(node, dict):
        if isinstance(node.get("value"), dict):
            yield node["value"]
        for each in node.values():
            yield from _values(each)
