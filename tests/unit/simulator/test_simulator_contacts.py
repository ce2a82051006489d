"""Users, departments, chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Bot

USERS, DEPARTMENTS = "/open-apis/contact/v3/users", "/open-apis/contact/v3/departments"
CHATS = "/open-apis/im/v1/chats"


async def people(bot: Bot) -> Any:
    return (await bot.platform.get("/_sim/world"))["users"]


async def engineering(bot: Bot) -> Any:
    return (await bot.call("GET", f"{DEPARTMENTS}/0/children"))["data"]["items"][0]


async def test_user_is_found_by_each_kind_of_id(bot: Bot) -> None:
    alice = (await people(bot))[0]

    by_open_id = await bot.call("GET", f"{USERS}/{alice['open_id']}")
    user = by_open_id["data"]["user"]
    by_user_id = await bot.call("GET", f"{USERS}/{alice['user_id']}", user_id_type="user_id")
    by_union_id = await bot.call("GET", f"{USERS}/{user['union_id']}", user_id_type="union_id")

    assert user["name"] == "alice"
    assert by_user_id["data"] == by_union_id["data"] == by_open_id["data"]


async def test_user_who_is_not_there_is_refused(bot: Bot) -> None:
    assert (await bot.call("GET", f"{USERS}/ou_nobody"))["code"] == 41050
    assert (await bot.call("GET", f"{USERS}/ou_x", user_id_type="name"))["code"] == 99992402


async def test_batch_of_users_leaves_out_who_is_not_there(bot: Bot) -> None:
    known = [user["open_id"] for user in await people(bot)]

    got = await bot.call("GET", f"{USERS}/batch", user_ids=[*known[:2], "ou_nobody"])
    none = await bot.call("GET", f"{USERS}/batch")

    assert [user["open_id"] for user in got["data"]["items"]] == known[:2]
    assert none["code"] == 99992402


async def test_ids_are_found_by_email(bot: Bot) -> None:
    asked = {"emails": ["alice@example.com", "no@example.com"], "mobiles": ["+861"]}

    found = await bot.call("POST", f"{USERS}/batch_get_id", asked, user_id_type="user_id")

    alice = (await people(bot))[0]["user_id"]
    assert found["data"]["user_list"] == [
        {"email": "alice@example.com", "user_id": alice},
        {"email": "no@example.com"},
        {"mobile": "+861"},
    ]


async def test_departments_make_a_tree(bot: Bot) -> None:
    top = await engineering(bot)
    below = await bot.call("GET", f"{DEPARTMENTS}/{top['open_department_id']}/children")
    everything = await bot.call("GET", f"{DEPARTMENTS}/0/children", fetch_child="true")

    child = below["data"]["items"][0]
    assert child["parent_department_id"] == top["open_department_id"]
    assert everything["data"]["items"] == [top, child]


async def test_department_is_found_alone_and_in_a_batch(bot: Bot) -> None:
    top = await engineering(bot)

    alone = await bot.call("GET", f"{DEPARTMENTS}/{top['open_department_id']}")
    by_id = await bot.call(
        "GET",
        f"{DEPARTMENTS}/batch",
        department_ids=[top["department_id"], "D0"],
        department_id_type="department_id",
    )

    assert alone["data"]["department"] == top
    assert by_id["data"]["items"] == [top]
    assert (await bot.call("GET", f"{DEPARTMENTS}/od-none"))["code"] == 40004


async def test_everybody_works_in_the_department_their_record_names(bot: Bot) -> None:
    top = (await engineering(bot))["open_department_id"]

    found = await bot.call("GET", f"{USERS}/find_by_department", department_id=top)

    assert [user["department_ids"] for user in found["data"]["items"]] == [[top]] * 3


async def test_groups_of_the_bot_are_listed(bot: Bot) -> None:
    listed = (await bot.call("GET", CHATS))["data"]["items"]

    assert [chat["name"] for chat in listed] == ["team"]
    chat = (await bot.call("GET", f"{CHATS}/{listed[0]['chat_id']}"))["data"]
    assert (chat["name"], chat["chat_mode"], chat["user_count"]) == ("team", "group", "3")


async def test_members_of_a_group_come_a_page_at_a_time(bot: Bot) -> None:
    team = (await bot.call("GET", CHATS))["data"]["items"][0]["chat_id"]
    path = f"{CHATS}/{team}/members"

    first = (await bot.call("GET", path, page_size=2))["data"]
    rest = (await bot.call("GET", path, page_size=2, page_token=first["page_token"]))["data"]

    names = [each["name"] for each in [*first["items"], *rest["items"]]]
    assert names == ["alice", "bob", "carol"]
    assert (first["has_more"], rest["has_more"], rest["member_total"]) == (True, False, 3)


@pytest.mark.parametrize("path", ["", "/members"])
async def test_unknown_chat_has_its_code(bot: Bot, path: str) -> None:
    assert (await bot.call("GET", f"{CHATS}/oc_nowhere{path}"))["code"] == 232006


async def test_group_the_bot_was_taken_out_of_is_closed_to_it(bot: Bot) -> None:
    team = (await bot.call("GET", CHATS))["data"]["items"][0]["chat_id"]
    said = await bot.platform.say(chat="team")
    message = f"/open-apis/im/v1/messages/{said['message_id']}"
    await bot.platform.post("/_sim/events/im.chat.member.bot.deleted_v1", {"chat": "team"})

    assert (await bot.create(team, "chat_id"))["code"] == 230002
    assert (await bot.reply(said["message_id"]))["code"] == 230002
    assert (await bot.call("GET", message))["code"] == 230002
    assert (await bot.call("GET", f"{message}/resources/x", type="file"))["code"] == 234004
    reaction = {"reaction_type": {"emoji_type": "OK"}}
    assert (await bot.call("POST", f"{message}/reactions", reaction))["code"] == 231002
    assert (await bot.call("GET", f"{CHATS}/{team}"))["code"] == 232011
    assert (await bot.call("GET", CHATS))["data"]["items"] == []


async def test_user_who_has_left_cannot_be_reached(bot: Bot) -> None:
    said = await bot.platform.say(user="carol")
    await bot.platform.post("/_sim/events/contact.user.deleted_v3", {"name": "carol"})

    assert (await bot.reply(said["message_id"]))["code"] == 230013
    assert (await bot.create("carol@example.com", "email"))["code"] == 230013
