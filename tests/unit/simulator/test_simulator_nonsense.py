"""Whatever a client says to any API, it gets an answer of the platform's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from simulator.options import Options
from simulator.server import build

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Bot, Start

BODIES: tuple[Any, ...] = (
    None,
    {},
    [],
    "words",
    {"receive_id": 1, "msg_type": [], "content": {}, "uuid": {}},
    {"receive_id": "alice@example.com", "msg_type": "text", "content": "{}"},
    {"receive_id": "alice@example.com", "msg_type": "post", "content": '{"content":[[[]]]}'},
    {"msg_type": "image", "content": '{"image_key":[1]}', "receive_id": "alice@example.com"},
    {"msg_type": "sticker", "content": '{"file_key":null}', "receive_id": "alice@example.com"},
    {"reaction_type": {"emoji_type": {}}},
    {"emails": [1], "mobiles": "x"},
    {"content": '{"elements":1}'},
    {"reply_in_thread": "yes", "msg_type": "text", "content": '{"text":"x"}'},
)
QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"receive_id_type": "email", "type": "image", "container_id_type": "chat"},
    {"page_size": "-1", "container_id": "x", "container_id_type": "thread"},
    {"page_token": "b2Zmc2V0Oi0x", "page_size": "5", "container_id": "oc_x"},
    {"user_ids": "", "department_ids": "", "user_id_type": "\ufffd"},
    {"start_time": "9" * 400, "container_id": "oc_x", "container_id_type": "chat"},
)


def routes() -> list[tuple[str, str]]:
    """Return every method and path template of the Open API."""
    loop = asyncio.new_event_loop()
    app = build(Options(), loop)
    loop.close()
    return sorted(
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource and route.resource.canonical.startswith("/open-apis/")
        if route.method != "HEAD"
    )


@pytest.mark.parametrize(("method", "template"), routes())
async def test_nonsense_is_answered_with_a_code(start: Start, method: str, template: str) -> None:
    platform = await start(limits="off")
    said = await platform.say()
    headers = await platform.authorize()
    names = ("om_none", said["message_id"], "%00", "x" * 2_000)
    for name in names:
        path = template
        for field in ("message_id", "chat_id", "card_id", "element_id", "user_id", "key"):
            path = path.replace(f"{{{field}}}", name)
        path = path.replace("{", "").replace("}", "")
        for body in BODIES:
            for query in QUERIES:
                async with platform.http.request(
                    method, platform.url + path, json=body, params=query, headers=headers
                ) as response:
                    assert response.status in (200, 400), (path, body, query)
                    assert response.headers["X-Tt-Logid"]


async def test_listing_survives_all_that_was_sent(bot: Bot) -> None:
    for body in BODIES:
        await bot.platform.post("/open-apis/im/v1/messages?receive_id_type=email", body)

    assert isinstance(await bot.platform.get("/_sim/messages"), list)
