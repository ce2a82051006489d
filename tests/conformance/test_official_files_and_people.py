"""The official HTTP client's builders and models: files, users, departments, chats."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from tests.conformance.conftest import Simulator

APP_ID = "cli_00000000000000a3"
OPTIONS = ("--limits=off",)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"


@pytest.fixture(scope="module")
def im(lark: ModuleType) -> Any:
    return lark.im.v1


@pytest.fixture(scope="module")
def contact(lark: ModuleType) -> Any:
    return lark.contact.v3


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


def test_client_uploads_sends_and_downloads_an_image(im: Any, client: Any) -> None:
    body = im.CreateImageRequestBody.builder().image_type("message").image(io.BytesIO(PNG)).build()

    uploaded = client.im.v1.image.create(im.CreateImageRequest.builder().request_body(body).build())
    key = uploaded.data.image_key
    sent = send(im, client, "image", {"image_key": key})
    own = client.im.v1.image.get(im.GetImageRequest.builder().image_key(key).build())
    resource = client.im.v1.message_resource.get(
        im.GetMessageResourceRequest.builder()
        .message_id(sent.message_id)
        .file_key(key)
        .type("image")
        .build()
    )

    assert own.file.read() == resource.file.read() == PNG


def test_client_uploads_and_downloads_a_file_by_its_name(im: Any, client: Any) -> None:
    body = (
        im.CreateFileRequestBody.builder()
        .file_type("stream")
        .file_name("飞书 notes.txt")
        .file(io.BytesIO(b"words"))
        .build()
    )

    uploaded = client.im.v1.file.create(im.CreateFileRequest.builder().request_body(body).build())
    got = client.im.v1.file.get(
        im.GetFileRequest.builder().file_key(uploaded.data.file_key).build()
    )

    assert (got.file.read(), got.file_name) == (b"words", "飞书 notes.txt")


def test_client_sees_why_an_upload_is_refused(im: Any, client: Any) -> None:
    body = im.CreateImageRequestBody.builder().image_type("message").image(io.BytesIO(b"")).build()

    refused = client.im.v1.image.create(im.CreateImageRequest.builder().request_body(body).build())

    assert (refused.code, refused.raw.status_code) == (234010, 400)


def test_client_sees_why_a_download_is_refused(im: Any, client: Any) -> None:
    sent = send(im, client, "text", {"text": "nothing to see"})

    refused = client.im.v1.message_resource.get(
        im.GetMessageResourceRequest.builder()
        .message_id(sent.message_id)
        .file_key("img_v3_none")
        .type("image")
        .build()
    )

    assert refused.code == 234003


def test_client_gets_users(contact: Any, client: Any, simulator: Simulator) -> None:
    ids = [user["open_id"] for user in simulator.get("/_sim/world")["users"]]

    one = client.contact.v3.user.get(contact.GetUserRequest.builder().user_id(ids[0]).build())
    many = client.contact.v3.user.batch(
        contact.BatchUserRequest.builder().user_ids(ids).user_id_type("open_id").build()
    )

    assert (one.data.user.name, one.data.user.email) == ("alice", "alice@example.com")
    assert one.data.user.status.is_activated
    assert [user.open_id for user in many.data.items] == ids


def test_client_gets_departments(contact: Any, client: Any) -> None:
    api = client.contact.v3.department
    children = api.children(contact.ChildrenDepartmentRequest.builder().department_id("0").build())
    top = children.data.items[0]

    one = api.get(
        contact.GetDepartmentRequest.builder().department_id(top.open_department_id).build()
    )
    many = api.batch(
        contact.BatchDepartmentRequest.builder().department_ids([top.open_department_id]).build()
    )

    assert one.data.department.name == many.data.items[0].name == top.name
    assert one.data.department.member_count == 3


def test_client_gets_chats_and_members(im: Any, client: Any) -> None:
    listed = client.im.v1.chat.list(im.ListChatRequest.builder().build())
    chat_id = listed.data.items[0].chat_id

    chat = client.im.v1.chat.get(im.GetChatRequest.builder().chat_id(chat_id).build())
    members = client.im.v1.chat_members.get(
        im.GetChatMembersRequest.builder().chat_id(chat_id).build()
    )

    assert (chat.data.name, chat.data.chat_mode) == ("team", "group")
    assert [member.name for member in members.data.items] == ["alice", "bob", "carol"]
    assert members.data.member_total == 3
