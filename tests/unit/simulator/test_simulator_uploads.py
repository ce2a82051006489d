"""Images and files, up and down."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from simulator.openapi.uploads import LARGEST_FILE, LARGEST_IMAGE
from tests.unit.simulator.conftest import MESSAGES, Bot, content

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Platform

IMAGES, FILES = "/open-apis/im/v1/images", "/open-apis/im/v1/files"


def png(width: int = 1, height: int = 1) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\6\0\0\0"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height)


def form(file_field: str, body: bytes, **fields: str) -> aiohttp.FormData:
    made = aiohttp.FormData()
    for name, value in fields.items():
        made.add_field(name, value)
    made.add_field(file_field, io.BytesIO(body), filename="upload")
    return made


async def upload_image(bot: Bot, body: bytes, image_type: str = "message") -> Any:
    return await bot.call("POST", IMAGES, form("image", body, image_type=image_type))


async def upload_file(bot: Bot, body: bytes, file_type: str = "stream", **fields: str) -> Any:
    named = {"file_name": "notes.txt", **fields}
    return await bot.call("POST", FILES, form("file", body, file_type=file_type, **named))


async def download(bot: Bot, path: str, **query: str) -> tuple[bytes, aiohttp.ClientResponse]:
    async with bot.platform.http.get(
        bot.platform.url + path, params=query, headers=bot.headers
    ) as response:
        return await response.read(), response


async def test_uploaded_image_comes_back(bot: Bot) -> None:
    key = (await upload_image(bot, png()))["data"]["image_key"]

    body, got = await download(bot, f"{IMAGES}/{key}")

    assert key.startswith("img_v3_")
    assert (body, got.content_type) == (png(), "image/png")
    assert got.headers["X-Tt-Logid"]


async def test_uploaded_file_comes_back_under_its_name(bot: Bot) -> None:
    key = (await upload_file(bot, b"words", file_name="räksmörgås.txt"))["data"]["file_key"]

    body, got = await download(bot, f"{FILES}/{key}")

    assert body == b"words"
    assert got.content_disposition
    assert got.content_disposition.filename == "räksmörgås.txt"


@pytest.mark.parametrize(
    ("body", "image_type", "code"),
    [
        (b"", "message", 234010),
        (b"not a picture", "message", 234011),
        (png(), "portrait", 234001),
        (png(12_000, 12_000), "message", 0),
        (png(12_001, 1), "message", 234039),
        (gif(2_000, 2_000), "avatar", 0),
        (gif(1, 2_001), "avatar", 234039),
        (png() + bytes(LARGEST_IMAGE), "message", 234006),
    ],
)
async def test_image_is_taken_or_refused_by_code(
    bot: Bot, body: bytes, image_type: str, code: int
) -> None:
    assert (await upload_image(bot, body, image_type))["code"] == code


@pytest.mark.parametrize(
    ("body", "fields", "code"),
    [
        (b"", {}, 234010),
        (b"x", {"file_type": "exe"}, 234001),
        (b"x", {"file_name": ""}, 234001),
        (b"x", {"duration": "long"}, 234001),
        (b"x", {"file_type": "opus", "duration": "3000"}, 0),
        (bytes(LARGEST_FILE), {}, 0),
        (bytes(LARGEST_FILE + 1), {}, 234006),
    ],
)
async def test_file_is_taken_or_refused_by_code(
    bot: Bot, body: bytes, fields: dict[str, str], code: int
) -> None:
    assert (await upload_file(bot, body, **fields))["code"] == code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"{}", "application/json"),
        (b"garbage", "multipart/form-data; boundary=b"),
        (b"garbage", "multipart/form-data"),
        (b"--b\r\n\r\nno name\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (b"--b--\r\n", "multipart/form-data; boundary=b"),
    ],
)
async def test_what_is_no_form_is_refused(bot: Bot, data: bytes, kind: str) -> None:
    headers = {**bot.headers, "Content-Type": kind}
    async with bot.platform.http.post(
        bot.platform.url + IMAGES, data=data, headers=headers
    ) as response:
        answer = await response.json()

    assert (response.status, answer["code"]) == (400, 234001)


async def test_upload_is_sent_as_what_it_was_called(bot: Bot) -> None:
    video = (await upload_file(bot, b"v", "mp4"))["data"]["file_key"]
    audio = (await upload_file(bot, b"a", "opus"))["data"]["file_key"]
    file = (await upload_file(bot, b"f", "pdf"))["data"]["file_key"]
    right = {"media": video, "audio": audio, "file": file}
    wrong = {"media": file, "audio": video, "file": audio}

    for msg_type, key in right.items():
        await bot.send(**content(msg_type, {"file_key": key}))
    refused = [
        await bot.create("bob@example.com", "email", **content(msg_type, {"file_key": key}))
        for msg_type, key in wrong.items()
    ]

    assert [each["code"] for each in refused] == [230055] * 3


async def test_users_file_is_a_resource_and_no_upload(bot: Bot) -> None:
    key = await users_file(bot.platform, png())
    said = await bot.platform.post(
        "/_sim/messages", {"user": "alice", "type": "image", "image_key": key}
    )
    resource = f"{MESSAGES}/{said['message_id']}/resources/{key}"

    assert (await bot.call("GET", f"{IMAGES}/{key}"))["code"] == 234008
    assert (await download(bot, resource, type="image"))[0] == png()


async def test_users_file_is_not_the_bots_to_send(bot: Bot) -> None:
    image = await users_file(bot.platform, png())
    file = await users_file(bot.platform, b"words")
    line = [{"tag": "img", "image_key": image}]

    for given in (
        content("image", {"image_key": image}),
        content("file", {"file_key": file}),
        content("post", {"zh_cn": {"content": [line]}}),
    ):
        assert (await bot.create("alice@example.com", "email", **given))["code"] == 230017


async def test_resource_that_cannot_be_fetched_has_its_code(bot: Bot) -> None:
    key = (await upload_image(bot, png()))["data"]["image_key"]
    message = await bot.send(**content("image", {"image_key": key}))
    words = await bot.send()
    card = await bot.send(**content("interactive", {"elements": []}))
    resource = f"{MESSAGES}/{message['message_id']}/resources/{key}"

    assert (await bot.call("GET", resource))["code"] == 234001
    assert (await bot.call("GET", resource, type="file"))["code"] == 234001
    elsewhere = f"{MESSAGES}/{words['message_id']}/resources/{key}"
    assert (await bot.call("GET", elsewhere, type="image"))["code"] == 234003
    of_card = f"{MESSAGES}/{card['message_id']}/resources/{key}"
    assert (await bot.call("GET", of_card, type="image"))["code"] == 234043
    nowhere = f"{MESSAGES}/om_gone/resources/{key}"
    assert (await bot.call("GET", nowhere, type="image"))["code"] == 234001


async def users_file(platform: Platform, body: bytes, **query: str) -> str:
    async with platform.http.post(
        platform.url + "/_sim/files", data=body, params=query
    ) as response:
        answer = await response.json()
    return str(answer.get("image_key") or answer["file_key"])


async def test_page_gets_a_file_as_what_it_is(platform: Platform) -> None:
    picture = await users_file(platform, png())
    script = await users_file(platform, b"<script>alert(1)</script>", name="x.html")

    async with platform.http.get(f"{platform.url}/_sim/files/{picture}") as shown:
        assert (await shown.read(), shown.content_type) == (png(), "image/png")
        assert shown.headers["Content-Disposition"] == "inline"
    async with platform.http.get(f"{platform.url}/_sim/files/{script}") as saved:
        assert saved.content_type == "application/octet-stream"
        assert saved.headers["Content-Disposition"] == "attachment"
        assert saved.headers["X-Content-Type-Options"] == "nosniff"
