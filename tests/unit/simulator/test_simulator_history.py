"""What was said, listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.simulator.conftest import MESSAGES

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Bot


async def test_history_is_listed_a_page_at_a_time(bot: Bot) -> None:
    for number in range(5):
        said = await bot.platform.say(str(number))
    query = {"container_id_type": "chat", "container_id": said["chat_id"], "page_size": 2}

    first = (await bot.call("GET", MESSAGES, **query))["data"]
    second = (await bot.call("GET", MESSAGES, **query, page_token=first["page_token"]))["data"]
    newest = (await bot.call("GET", MESSAGES, **query, sort_type="ByCreateTimeDesc"))["data"]

    def words(page: Any) -> list[str]:
        return [json.loads(each["body"]["content"])["text"] for each in page["items"]]

    assert (words(first), words(second), words(newest)) == (["0", "1"], ["2", "3"], ["4", "3"])
    assert first["has_more"]


async def test_history_of_a_thread_and_of_a_span_is_only_that(bot: Bot) -> None:
    said = await bot.platform.say("start")
    reply = (await bot.reply(said["message_id"], reply_in_thread=True))["data"]
    await bot.send()

    thread = await bot.call(
        "GET", MESSAGES, container_id_type="thread", container_id=reply["thread_id"]
    )
    long_ago = await bot.call(
        "GET", MESSAGES, container_id_type="chat", container_id=said["chat_id"], end_time="1000"
    )

    found = [each["message_id"] for each in thread["data"]["items"]]
    assert found == [said["message_id"], reply["message_id"]]
    assert long_ago["data"]["items"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"container_id_type": "chat", "container_id": "oc_nowhere"}, 230002),
        ({"container_id_type": "thread", "container_id": "omt_none"}, 230001),
        ({"container_id_type": "room", "container_id": "x"}, 99992402),
        ({"container_id_type": "chat"}, 99992402),
    ],
)
async def test_history_of_nothing_is_refused(bot: Bot, query: Any, code: int) -> None:
    assert (await bot.call("GET", MESSAGES, **query))["code"] == code


@pytest.mark.parametrize(
    "wrong", [{"page_size": "0"}, {"page_size": "51"}, {"page_token": "x"}, {"start_time": "x"}]
)
async def test_page_that_cannot_be_is_refused(bot: Bot, wrong: Any) -> None:
    chat_id = (await bot.platform.say())["chat_id"]

    answer = await bot.call(
        "GET", MESSAGES, container_id_type="chat", container_id=chat_id, **wrong
    )

    assert answer["code"] == 99992402
