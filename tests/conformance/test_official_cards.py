"""The official client's typed card APIs against the simulator."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.conformance.conftest import Simulator

MARKDOWN = {"tag": "markdown", "element_id": "md", "content": "..."}
BUTTON = {"tag": "button", "element_id": "ok", "text": {"tag": "plain_text", "content": "OK"}}
STREAMING = {
    "schema": "2.0",
    "config": {"streaming_mode": True},
    "body": {"elements": [MARKDOWN]},
}


class Cards:
    """`client.cardkit.v1`, with the sequence numbers kept."""

    def __init__(self, lark: ModuleType, url: str) -> None:
        self.v1 = lark.cardkit.v1
        self.im = lark.im.v1
        self.client = (
            lark.Client.builder()
            .app_id("cli_a1b2c3d4e5f60718")
            .app_secret("simulated-secret")
            .domain(url)
            .build()
        )
        self._sequence = count(1)

    def create(self, card: Any) -> Any:
        body = self.v1.CreateCardRequestBody.builder().type("card_json").data(json.dumps(card))
        request = self.v1.CreateCardRequest.builder().request_body(body.build()).build()
        return self.client.cardkit.v1.card.create(request)

    def send(self, card_id: str) -> Any:
        body = (
            self.im.CreateMessageRequestBody.builder()
            .receive_id("alice@example.com")
            .msg_type("interactive")
            .content(json.dumps({"type": "card", "data": {"card_id": card_id}}))
            .build()
        )
        request = (
            self.im.CreateMessageRequest.builder()
            .receive_id_type("email")
            .request_body(body)
            .build()
        )
        return self.client.im.v1.message.create(request)

    def change(self, call: Callable[[Any], Any], request: Any, body: Any) -> Any:
        """Build both, numbered, and call."""
        built = body.sequence(next(self._sequence)).build()
        return call(request.request_body(built).build())

    def write(self, card_id: str, content: str) -> Any:
        request = self.v1.ContentCardElementRequest.builder().card_id(card_id).element_id("md")
        body = self.v1.ContentCardElementRequestBody.builder().content(content)
        return self.change(self.client.cardkit.v1.card_element.content, request, body)

    def settings(self, card_id: str, **config: Any) -> Any:
        request = self.v1.SettingsCardRequest.builder().card_id(card_id)
        body = self.v1.SettingsCardRequestBody.builder().settings(json.dumps({"config": config}))
        return self.change(self.client.cardkit.v1.card.settings, request, body)


@pytest.fixture
def cards(lark: ModuleType, simulator: Simulator) -> Cards:
    return Cards(lark, simulator.url)


def test_client_types_into_a_card(cards: Cards, simulator: Simulator) -> None:
    card_id = cards.create(STREAMING).data.card_id
    message_id = cards.send(card_id).data.message_id

    written = [cards.write(card_id, words) for words in ("You", "You said: hi")]
    finished = cards.settings(card_id, streaming_mode=False)

    assert all(each.success() for each in (*written, finished))
    shown = simulator.get("/_sim/messages?limit=1")[0]
    assert (shown["message_id"], shown["text"], shown["final"]) == (
        message_id,
        "You said: hi",
        True,
    )


def test_client_changes_elements(lark: ModuleType, cards: Cards, simulator: Simulator) -> None:
    card_id = cards.create(STREAMING).data.card_id
    cards.send(card_id)
    v1, element = lark.cardkit.v1, cards.client.cardkit.v1.card_element

    changes = [
        cards.change(
            element.create,
            v1.CreateCardElementRequest.builder().card_id(card_id),
            v1.CreateCardElementRequestBody.builder()
            .type("insert_before")
            .target_element_id("md")
            .elements(json.dumps([BUTTON])),
        ),
        cards.change(
            element.patch,
            v1.PatchCardElementRequest.builder().card_id(card_id).element_id("ok"),
            v1.PatchCardElementRequestBody.builder().partial_element('{"size":"large"}'),
        ),
        cards.change(
            element.update,
            v1.UpdateCardElementRequest.builder().card_id(card_id).element_id("md"),
            v1.UpdateCardElementRequestBody.builder().element(
                json.dumps({**MARKDOWN, "element_id": "new"})
            ),
        ),
        cards.change(
            element.delete,
            v1.DeleteCardElementRequest.builder().card_id(card_id).element_id("new"),
            v1.DeleteCardElementRequestBody.builder(),
        ),
    ]

    assert [each.code for each in changes] == [0, 0, 0, 0]
    shown = simulator.get("/_sim/messages?limit=1")[0]
    assert shown["card"]["body"]["elements"] == [{**BUTTON, "size": "large"}]


def test_client_changes_the_whole_card(
    lark: ModuleType, cards: Cards, simulator: Simulator
) -> None:
    card_id = cards.create(STREAMING).data.card_id
    cards.send(card_id)
    v1, card = lark.cardkit.v1, cards.client.cardkit.v1.card
    new = {"schema": "2.0", "body": {"elements": [BUTTON]}}
    action = {"action": "delete_elements", "params": {"element_ids": ["ok"]}}

    updated = cards.change(
        card.update,
        v1.UpdateCardRequest.builder().card_id(card_id),
        v1.UpdateCardRequestBody.builder().card(
            v1.Card.builder().type("card_json").data(json.dumps(new)).build()
        ),
    )
    batch = cards.change(
        card.batch_update,
        v1.BatchUpdateCardRequest.builder().card_id(card_id),
        v1.BatchUpdateCardRequestBody.builder().uuid("u").actions(json.dumps([action])),
    )

    assert (updated.code, batch.code) == (0, 0)
    shown = simulator.get("/_sim/messages?limit=1")[0]
    assert (shown["card"]["body"]["elements"], shown["revisions"]) == ([], 3)


def test_client_converts_a_messages_id(lark: ModuleType, cards: Cards) -> None:
    card_id = cards.create(STREAMING).data.card_id
    message_id = cards.send(card_id).data.message_id
    v1 = lark.cardkit.v1
    body = v1.IdConvertCardRequestBody.builder().message_id(message_id).build()

    converted = cards.client.cardkit.v1.card.id_convert(
        v1.IdConvertCardRequest.builder().request_body(body).build()
    )

    assert converted.data.card_id == card_id


def test_client_sees_a_refusal_as_its_users_do(cards: Cards) -> None:
    refused = cards.create({"schema": "1.0"})

    assert (refused.code, refused.msg) == (300303, "Only schema 2.0 is supported")
    assert refused.get_log_id() == refused.error["log_id"]


def test_old_sequence_is_refused(cards: Cards) -> None:
    card_id = cards.create(STREAMING).data.card_id
    cards.write(card_id, "one")
    cards._sequence = count(1)

    assert cards.write(card_id, "two").code == 300317
