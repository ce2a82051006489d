"""The official HTTP client against the simulator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.eventually import PATIENCE

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conformance.conftest import Simulator

APP_ID = "cli_00000000000000a2"
OPTIONS = ()
HELLO = json.dumps({"text": "hello"})


def test_client_gets_a_token_and_the_bot(lark: ModuleType, client: Any) -> None:
    request = (
        lark.BaseRequest.builder()
        .http_method(lark.HttpMethod.GET)
        .uri("/open-apis/bot/v3/info")
        .token_types({lark.AccessTokenType.TENANT})
        .build()
    )

    response = client.request(request)

    assert response.success()
    assert json.loads(response.raw.content)["bot"]["app_name"] == "Larkspur"


def test_client_sends_a_message(lark: ModuleType, client: Any, simulator: Simulator) -> None:
    sent = create(lark, client, "alice@example.com")

    assert sent.success()
    assert sent.data.msg_type == "text"
    assert sent.data.sender.sender_type == "app"
    listed = simulator.get(f"/_sim/messages?chat={sent.data.chat_id}&limit=1")
    assert listed[0]["message_id"] == sent.data.message_id


def test_client_replies_and_the_answer_is_seen(
    lark: ModuleType, client: Any, simulator: Simulator
) -> None:
    said = simulator.say("hi")
    body = (
        lark.im.v1.ReplyMessageRequestBody.builder()
        .msg_type("text")
        .content(HELLO)
        .reply_in_thread(True)
        .uuid("u-1")
        .build()
    )
    request = (
        lark.im.v1.ReplyMessageRequest.builder()
        .message_id(said["message_id"])
        .request_body(body)
        .build()
    )

    first, second = client.im.v1.message.reply(request), client.im.v1.message.reply(request)

    assert first.data.root_id == first.data.parent_id == said["message_id"]
    assert first.data.thread_id.startswith("omt_")
    assert second.data.message_id == first.data.message_id
    answered = simulator.get(f"/_sim/answers/{said['message_id']}?timeout={PATIENCE}")
    assert [each["text"] for each in answered["answers"]] == ["hello"]


def test_client_gets_a_message(lark: ModuleType, client: Any, simulator: Simulator) -> None:
    said = simulator.say("what was said")
    request = lark.im.v1.GetMessageRequest.builder().message_id(said["message_id"]).build()

    got = client.im.v1.message.get(request)

    assert got.success()
    assert json.loads(got.data.items[0].body.content) == {"text": "what was said"}
    assert got.data.items[0].sender.sender_type == "user"


def test_client_sees_a_refusal_as_its_users_do(lark: ModuleType, client: Any) -> None:
    refused = create(lark, client, "nobody@example.com")

    assert not refused.success()
    assert refused.code == 230013
    assert refused.msg
    assert refused.raw.status_code == 400
    assert refused.get_log_id() == refused.error["log_id"]


def test_client_with_a_wrong_secret_gets_no_token(lark: ModuleType, simulator: Simulator) -> None:
    client = (
        lark.Client.builder()
        .app_id("cli_ffffffffffffffff")
        .app_secret("wrong")
        .domain(simulator.url)
        .build()
    )

    with pytest.raises(lark.core.exception.ObtainAccessTokenException, match="app id not exists"):
        create(lark, client, "alice@example.com")


def create(lark: ModuleType, client: Any, email: str) -> Any:
    body = (
        lark.im.v1.CreateMessageRequestBody.builder()
        .receive_id(email)
        .msg_type("text")
        .content(HELLO)
        .build()
    )
    request = (
        lark.im.v1.CreateMessageRequest.builder()
        .receive_id_type("email")
        .request_body(body)
        .build()
    )
    return client.im.v1.message.create(request)
