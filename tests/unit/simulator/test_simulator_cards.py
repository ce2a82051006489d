"""Cards inside messages, and the tokens that come with a press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulator.ids import AppId
from simulator.world.callback_tokens import CallbackTokens
from simulator.world.card import UUIDS_KEPT, Card
from simulator.world.card_tables import markdown_tables
from simulator.world.cards import Cards
from simulator.world.messages import Messages
from tests.unit.simulator.cards import (
    CARDS,
    CardBot,
    card,
    card_bot,
    markdown,
    reference,
    streaming,
)

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Start

UPDATE = "/open-apis/interactive/v1/card/update"
OLD = {"config": {"update_multi": True}, "elements": [{"tag": "markdown", "content": "old"}]}
TABLE = "|a|b|\n|---|:-:|\n|1|2|\n\n"


@pytest.fixture
async def bot(start: Start, clock: FakeClock) -> CardBot:
    return await card_bot(start, clock)


@pytest.mark.parametrize("shown", [OLD, card(markdown(content="old"))])
async def test_card_of_either_generation_is_sent_and_patched(bot: CardBot, shown: Any) -> None:
    message_id = await bot.sent(shown)
    before = await bot.message(message_id)

    patched = await bot.patch(message_id, card(markdown(content="new")))

    after = await bot.message(message_id)
    assert (before["text"], before["card"]) == ("old", shown)
    assert (patched["code"], after["text"], after["revisions"]) == (0, "new", 2)


@pytest.mark.parametrize(
    ("shown", "inside"),
    [
        ({"config": 1, "elements": []}, "ErrCode: 200621"),
        ({"hello": "world"}, "ErrCode: 200621"),
        ({"schema": "2.0"}, "ErrCode: 200621"),
        ({"type": "template", "data": {"template_id": "t"}}, "ErrCode: 200380"),
        ({"type": "card", "data": {}}, "ErrCode: 200621"),
        (card({"tag": "action"}), "ErrCode: 200861"),
        (card(*(markdown(f"m{number}") for number in range(201))), "element exceeds the limit"),
        (card(markdown(content=TABLE * 4)), "card table number over limit"),
        ({"elements": [{"tag": "markdown", "content": TABLE * 4}]}, "ErrCode: 11310"),
        (reference("7355372766134157313"), "cardid is invalid"),
    ],
)
async def test_message_refuses_a_bad_card(bot: CardBot, shown: Any, inside: str) -> None:
    refused = await bot.send(shown)

    assert refused["code"] == 230099
    assert inside in refused["msg"]


async def test_surrogate_half_in_a_card_is_refused(bot: CardBot) -> None:
    body = {
        "receive_id": "alice@example.com",
        "msg_type": "interactive",
        "content": r'{"elements":[{"tag":"markdown","content":"\ud800"}]}',
    }

    refused = await bot.call("POST", "/open-apis/im/v1/messages?receive_id_type=email", body)

    assert refused["code"] == 230099


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ({"elements": []}, OLD, 230001),
        (OLD, {"elements": []}, 230001),
        (card(), OLD, 230099),
        (OLD, reference("1"), 230099),
        (OLD, card(markdown(content=TABLE * 4)), 230099),
    ],
)
async def test_patch_may_be_impossible(bot: CardBot, old: Any, new: Any, code: int) -> None:
    message_id = await bot.sent(old)

    assert (await bot.patch(message_id, new))["code"] == code
    assert (await bot.message(message_id))["revisions"] == 1


async def test_streaming_card_sent_as_json_is_not_final(bot: CardBot) -> None:
    message_id = await bot.sent(streaming(markdown(content="...")))
    during = await bot.message(message_id)

    await bot.patch(message_id, card(markdown(content="done")))

    assert (during["final"], (await bot.message(message_id))["final"]) == (False, True)


async def test_summary_is_not_read_as_the_cards_words(bot: CardBot) -> None:
    message_id = await bot.sent(card(markdown(content="body"), summary={"content": "preview"}))

    assert (await bot.message(message_id))["text"] == "body"


async def test_forwarded_card_is_shown_as_it_was(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown(content="as it was")))
    message_id = await bot.sent(reference(card_id))
    path = f"/open-apis/im/v1/messages/{message_id}/forward?receive_id_type=email"
    bot.clock.advance(1)

    forwarded = await bot.call("POST", path, {"receive_id": "bob@example.com"})

    shown = await bot.message(forwarded["data"]["message_id"])
    assert shown["text"] == "as it was"


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("no table", 0),
        (TABLE, 1),
        (TABLE * 3, 3),
        ("a | b\n--- | ---\n1 | 2", 1),
        ("```\n" + TABLE + "```\n", 0),
        ("title\n---\nno | table", 0),
        ("| only a header |", 0),
    ],
)
def test_markdown_tables_are_counted(text: str, tables: int) -> None:
    assert markdown_tables(text) == tables


def test_oldest_cards_fall_off(clock: FakeClock) -> None:
    messages = Messages(keep=2)
    kept = Cards(AppId("cli_1"), messages, CallbackTokens(clock, 2), clock, keep=2)

    first, second, third = (kept.create(card()) for _ in range(3))

    assert kept.get(first.card_id) is None
    assert (kept.get(second.card_id), kept.get(third.card_id)) == (second, third)


def test_card_remembers_its_newest_uuids() -> None:
    shown = Card(AppId("cli_1"), card(), 0.0)

    for number in range(UUIDS_KEPT + 1):
        shown.remember(number, str(number))

    assert len(shown.uuids) == UUIDS_KEPT
    assert "0" not in shown.uuids


async def test_state_of_a_card_is_read_by_its_message(bot: CardBot) -> None:
    message_id = await bot.sent(card(markdown()))
    path = "/open-apis/card/v1/interactions/read"

    state = await bot.call("POST", path, {"open_message_id": message_id})
    unknown = await bot.call("POST", path, {"card_id": "1"})
    unnamed = await bot.call("POST", path, {})

    assert (state["code"], state["data"]["card"]) == (0, card(markdown()))
    assert (unknown["code"], unnamed["code"]) == (200740, 10002)


async def test_text_message_is_no_card(bot: CardBot) -> None:
    said = await bot.platform.say()

    assert (await bot.patch(said["message_id"], card()))["code"] != 0
    converted = await bot.call("POST", f"{CARDS}/id_convert", {"message_id": said["message_id"]})
    assert converted["code"] == 10002
