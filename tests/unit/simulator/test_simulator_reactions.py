"""Reactions to messages."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.ids import ChatId, OpenId, fresh_message_id
from simulator.world.messages import Message, Revision, Sender, SenderKind
from simulator.world.reactions import MOST, react
from tests.unit.simulator.conftest import MESSAGES, Bot


def reactions(message: Any) -> str:
    return f"{MESSAGES}/{message['message_id']}/reactions"


def emoji(name: object) -> dict[str, object]:
    return {"reaction_type": {"emoji_type": name}}


async def test_reaction_is_added_shown_listed_and_taken_away(bot: Bot) -> None:
    said = await bot.platform.say()

    added = (await bot.call("POST", reactions(said), emoji("SMILE")))["data"]

    shown = await bot.shown(said["message_id"])
    assert shown["reactions"] == [{"emoji": "SMILE", "by": ["Larkspur"]}]
    listed = (await bot.call("GET", reactions(said)))["data"]
    assert listed["items"] == [added]
    assert added["operator"]["operator_type"] == "app"
    removed = await bot.call("DELETE", f"{reactions(said)}/{added['reaction_id']}")
    assert removed["data"] == added
    assert (await bot.shown(said["message_id"]))["reactions"] == []


async def test_same_reaction_again_is_the_first_one(bot: Bot) -> None:
    said = await bot.platform.say()

    first = await bot.call("POST", reactions(said), emoji("OK"))
    second = await bot.call("POST", reactions(said), emoji("OK"))

    assert second == first
    assert len((await bot.call("GET", reactions(said)))["data"]["items"]) == 1


async def test_reactions_are_listed_by_emoji_and_page(bot: Bot) -> None:
    said = await bot.platform.say()
    for name in ("OK", "SMILE", "DONE"):
        await bot.call("POST", reactions(said), emoji(name))

    smiles = (await bot.call("GET", reactions(said), reaction_type="SMILE"))["data"]["items"]
    page = (await bot.call("GET", reactions(said), page_size=2))["data"]

    assert [each["reaction_type"]["emoji_type"] for each in smiles] == ["SMILE"]
    assert (len(page["items"]), page["has_more"]) == (2, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [(emoji("NOSUCHFACE"), 231001), (emoji(1), 99992402), ({"reaction_type": 1}, 99992402)],
)
async def test_reaction_with_no_emoji_is_refused(bot: Bot, body: Any, code: int) -> None:
    said = await bot.platform.say()

    assert (await bot.call("POST", reactions(said), body))["code"] == code


async def test_reaction_to_nothing_is_refused(bot: Bot) -> None:
    sent = await bot.send()
    await bot.call("DELETE", f"{MESSAGES}/{sent['message_id']}")

    for gone in (sent, {"message_id": "om_gone"}):
        assert (await bot.call("POST", reactions(gone), emoji("OK")))["code"] == 231003
        assert (await bot.call("GET", reactions(gone)))["code"] == 231003


async def test_unknown_reaction_and_page_have_their_codes(bot: Bot) -> None:
    said = await bot.platform.say()

    assert (await bot.call("DELETE", reactions(said) + "/none"))["code"] == 231011
    assert (await bot.call("GET", reactions(said), page_token="x"))["code"] == 231012


async def test_reactions_of_one_message_are_bounded() -> None:
    alice = Sender(SenderKind.USER, OpenId("ou_1"), "alice")
    message = Message(fresh_message_id(), ChatId("oc_1"), alice, "text", [Revision("{}")])

    for number in range(MOST + 10):
        react(message, f"emoji {number}", alice)

    assert len(message.reactions) == MOST
    assert message.reactions[-1].emoji == f"emoji {MOST + 9}"
