"""The official webhook handler takes everything the simulator posts."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from simulator.events.catalogue import CATALOGUE
from simulator.events.event import CALLBACKS
from tests.conformance.conftest import Lines, Simulator, started

if TYPE_CHECKING:
    from collections.abc import Iterator

SDK_WEBHOOK = Path(__file__).with_name("sdk_webhook.py")
TOKEN = "a-verification-token"
SAID = ("im.message.receive_v1", "message")
CARD = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "a card"}]}}
LAST = (
    "contact.department.deleted_v3",
    "contact.user.deleted_v3",
    "im.chat.disbanded_v1",
    "im.chat.member.bot.deleted_v1",
)
"""They end what the others need."""
EVENTS = sorted(set(CATALOGUE) - CALLBACKS - set(LAST)) + list(LAST)


class Webhook:
    """The SDK's handler, and a simulator that posts to it."""

    def __init__(self, program: Lines, simulator: Simulator) -> None:
        self._program = program
        self.simulator = simulator

    def fire(self, kind: str, **parameters: Any) -> tuple[Any, Any]:
        """Fire an event, and return what the simulator says and what the SDK has seen."""
        fired = self.simulator.post(f"/_sim/events/{kind}", parameters)
        return fired, self.handled(kind)

    def handled(self, kind: str) -> Any:
        word, handled, seen = self._program.next()
        assert (word, handled) == ("handled", kind)
        assert self._program.next() == ["answered", "200", "/hook"]
        return json.loads(base64.b64decode(seen))


@contextmanager
def posting(encrypt_key: str) -> Iterator[Webhook]:
    with started(str(SDK_WEBHOOK), encrypt_key, TOKEN, *SAID, *CATALOGUE) as program:
        url = program.next()[-1]
        keys = (f"--encrypt-key={encrypt_key}", f"--verification-token={TOKEN}")
        with started("-m", "simulator", "--port=0", f"--webhook={url}", *keys) as platform:
            simulator = Simulator(platform.next()[-1])
            assert program.next() == ["answered", "200", "/hook"]  # the challenge
            yield Webhook(program, simulator)


@pytest.fixture(scope="module")
def webhook() -> Iterator[Webhook]:
    with posting("an encrypt key") as webhook:
        webhook.simulator.send_card(CARD)
        yield webhook


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_reaches_a_typed_handler(webhook: Webhook, kind: str) -> None:
    if kind in ("im.message.recalled_v1", "im.message.reaction.created_v1"):
        webhook.fire("im.message.receive_v1")
    name = {"im.chat.updated_v1": {"name": "team"}}.get(kind, {})

    fired, seen = webhook.fire(kind, **name)

    told = seen["header"]["event_id"] if "header" in seen else seen["uuid"]
    assert told == fired["event_id"]
    assert seen["event"]


def test_plain_message_reaches_its_handler() -> None:
    with posting("") as webhook:
        _, seen = webhook.fire("im.message.receive_v1", text="in the open")

    assert seen["header"]["token"] == TOKEN


@pytest.mark.parametrize("kind", SAID)
def test_message_reaches_its_handler(webhook: Webhook, kind: str) -> None:
    _, seen = webhook.fire(kind, chat="team", text="@bot hello")

    told = seen["event"]["message"]["content"] if kind != "message" else seen["event"]["text"]
    assert "hello" in told


def test_press_is_answered_with_a_toast(webhook: Webhook) -> None:
    newest = webhook.simulator.get("/_sim/messages")
    card = next(each for each in newest if each["card"])
    action = {"tag": "button", "value": {"key": "value"}, "form_value": {"name": "Dora"}}

    shown = webhook.simulator.post(
        "/_sim/press", {"message_id": card["message_id"], "action": action}
    )

    seen = webhook.handled("card.action.trigger")
    assert seen["event"]["action"]["value"] == {"key": "value"}
    assert seen["event"]["action"]["form_value"] == {"name": "Dora"}
    assert seen["event"]["context"]["open_message_id"] == card["message_id"]
    assert (shown["toast"], shown["error"]) == ({"type": "info", "content": "pressed"}, None)
