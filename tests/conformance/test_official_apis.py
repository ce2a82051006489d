"""The official HTTP client's builders and models: messages, reactions, refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conformance.conftest import Simulator

APP_ID = "cli_00000000000000a1"
OPTIONS = ("--limits=off",)
CARD = {"config": {"update_multi": True}, "elements": [{"tag": "markdown", "content": "one"}]}


@pytest.fixture(scope="module")
def im(lark: ModuleType) -> Any:
    return lark.im.v1


def send(im: Any, client: Any, msg_type: str, content: Any) -> Any:
    body = (
        im.CreateMessageRequestBody.builder()
        .receive_id("alice@example.com")
        .msg_type(msg_type)
        .content(json.dumps(content))
        .build()
    )
    request = im.CreateMessageRequest.builder().receive_id_type("email").request_body(body).build()
    sent = client.im.v1.message.create(request)
    assert sent.success(), sent.msg
    return sent.data


def test_client_edits_a_text(im: Any, client: Any) -> None:
    sent = send(im, client, "text", {"text": "one"})
    body = im.UpdateMessageRequestBody.builder().msg_type("text").content('{"text":"two"}').build()
    request = (
        im.UpdateMessageRequest.builder().message_id(sent.message_id).request_body(body).build()
    )

    edited = client.im.v1.message.update(request)

    assert edited.success()
    assert edited.data.updated
    assert json.loads(edited.data.body.content) == {"text": "two"}


def test_client_patches_a_card(im: Any, client: Any, simulator: Simulator) -> None:
    sent = send(im, client, "interactive", CARD)
    changed = {**CARD, "elements": [{"tag": "markdown", "content": "two"}]}
    body = im.PatchMessageRequestBody.builder().content(json.dumps(changed)).build()
    request = (
        im.PatchMessageRequest.builder().message_id(sent.message_id).request_body(body).build()
    )

    assert client.im.v1.message.patch(request).success()

    shown = simulator.get("/_sim/messages?limit=1")[0]
    assert (shown["message_id"], shown["text"]) == (sent.message_id, "two")


def test_client_recalls_a_message_and_sees_it_gone(im: Any, client: Any) -> None:
    sent = send(im, client, "text", {"text": "oops"})
    request = im.DeleteMessageRequest.builder().message_id(sent.message_id).build()

    first, second = client.im.v1.message.delete(request), client.im.v1.message.delete(request)

    assert (first.code, second.code) == (0, 230011)
    got = client.im.v1.message.get(
        im.GetMessageRequest.builder().message_id(sent.message_id).build()
    )
    assert got.data.items[0].deleted


def test_client_forwards_a_message(im: Any, client: Any) -> None:
    sent = send(im, client, "text", {"text": "pass it on"})
    body = im.ForwardMessageRequestBody.builder().receive_id("bob@example.com").build()
    request = (
        im.ForwardMessageRequest.builder()
        .message_id(sent.message_id)
        .receive_id_type("email")
        .uuid("forwarded-once")
        .request_body(body)
        .build()
    )

    first, second = client.im.v1.message.forward(request), client.im.v1.message.forward(request)

    assert first.data.chat_id != sent.chat_id
    assert first.data.message_id == second.data.message_id


def test_client_lists_a_chat(im: Any, client: Any) -> None:
    sent = [send(im, client, "text", {"text": str(number)}) for number in range(3)]
    request = (
        im.ListMessageRequest.builder()
        .container_id_type("chat")
        .container_id(sent[0].chat_id)
        .sort_type("ByCreateTimeDesc")
        .page_size(2)
        .build()
    )

    listed = client.im.v1.message.list(request)

    newest = [each.message_id for each in sent[:0:-1]]
    assert [each.message_id for each in listed.data.items] == newest
    assert listed.data.has_more


def test_client_reads_its_mentions(im: Any, client: Any, simulator: Simulator) -> None:
    alice = simulator.get("/_sim/world")["users"][0]["open_id"]

    sent = send(im, client, "text", {"text": f'<at user_id="{alice}">Al</at> hi'})

    assert json.loads(sent.body.content) == {"text": "@_user_1 hi"}
    assert (sent.mentions[0].key, sent.mentions[0].id) == ("@_user_1", alice)


def test_client_reacts_and_takes_it_back(im: Any, client: Any) -> None:
    sent = send(im, client, "text", {"text": "nice"})
    emoji = im.Emoji.builder().emoji_type("THUMBSUP").build()
    body = im.CreateMessageReactionRequestBody.builder().reaction_type(emoji).build()
    api = client.im.v1.message_reaction

    added = api.create(
        im.CreateMessageReactionRequest.builder()
        .message_id(sent.message_id)
        .request_body(body)
        .build()
    )
    listing = im.ListMessageReactionRequest.builder().message_id(sent.message_id).build()
    listed = api.list(listing)
    removed = api.delete(
        im.DeleteMessageReactionRequest.builder()
        .message_id(sent.message_id)
        .reaction_id(added.data.reaction_id)
        .build()
    )

    assert added.data.operator.operator_type == "app"
    assert [each.reaction_type.emoji_type for each in listed.data.items] == ["THUMBSUP"]
    assert removed.data.reaction_id == added.data.reaction_id
    assert api.list(listing).data.items == []


def test_client_reads_a_limit_as_its_users_do(im: Any, client: Any, simulator: Simulator) -> None:
    simulator.post("/_sim/faults", {"kind": "rate_limited", "reset": 9})

    limited = client.im.v1.chat.list(im.ListChatRequest.builder().build())

    assert (limited.code, limited.raw.status_code) == (99991400, 429)
    assert limited.raw.headers["x-ogw-ratelimit-reset"] == "9"


def test_client_with_a_revoked_token_is_told_so(
    lark: ModuleType, im: Any, simulator: Simulator
) -> None:
    request = im.ListChatRequest.builder().build()
    given_token = lark.RequestOption.builder().tenant_access_token("t-of-another-day").build()
    client = lark.Client.builder().enable_set_token(True).domain(simulator.url).build()

    refused = client.im.v1.chat.list(request, given_token)

    assert refused.code == 99991663
