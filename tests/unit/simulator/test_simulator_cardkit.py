from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.simulator.cards import (
    BUTTON,
    CARDS,
    CardBot,
    card,
    card_bot,
    markdown,
    reference,
    streaming,
    text,
)

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Start

DAY = 24 * 60 * 60
PANEL = {"tag": "collapsible_panel", "element_id": "panel", "elements": [markdown("inner")]}


@pytest.fixture
async def bot(start: Start, clock: FakeClock) -> CardBot:
    return await card_bot(start, clock)


async def test_card_is_sent_once(bot: CardBot) -> None:
    card_id = await bot.created(card())

    first, second = await bot.send(reference(card_id)), await bot.send(reference(card_id))

    assert (first["code"], second["code"]) == (0, 230099)
    assert "ErrCode: 200780" in second["msg"]


async def test_sequence_grows_over_all_changes(bot: CardBot) -> None:
    card_id = await bot.created(streaming())

    codes = [
        (await bot.write(card_id, "one", sequence=5))["code"],
        (await bot.write(card_id, "two", sequence=5))["code"],
        (await bot.change("DELETE", f"{card_id}/elements/md", sequence=4))["code"],
        (await bot.write(card_id, "three", sequence=6))["code"],
    ]

    assert codes == [0, 300317, 300317, 0]
    assert (await bot.shown(card_id))["card"]["body"]["elements"][0]["content"] == "three"


async def test_refused_change_uses_no_sequence_up(bot: CardBot) -> None:
    card_id = await bot.created(streaming())

    refused = await bot.write(card_id, "x", "nowhere", sequence=1)
    accepted = await bot.write(card_id, "x", sequence=1)

    assert (refused["code"], accepted["code"]) == (300313, 0)


async def test_uuid_is_good_for_one_change(bot: CardBot) -> None:
    card_id = await bot.created(streaming())

    first = await bot.write(card_id, "one", uuid="u", sequence=1)
    again = await bot.write(card_id, "one", uuid="u", sequence=1)
    reused = await bot.write(card_id, "two", uuid="u", sequence=2)

    assert [each["code"] for each in (first, again, reused)] == [0, 200770, 200770]


@pytest.mark.parametrize(
    "asked",
    [
        {"sequence": 0},
        {"sequence": 2**31},
        {"sequence": "1"},
        {"sequence": True},
        {"sequence": 1, "uuid": "u" * 65},
        {"sequence": 1, "content": ""},
        {"sequence": 1, "content": "x" * 100_001},
    ],
)
async def test_malformed_fields_are_one_code(bot: CardBot, asked: dict[str, Any]) -> None:
    card_id = await bot.created(streaming())

    refused = await bot.change("PUT", f"{card_id}/elements/md/content", **{"content": "x", **asked})

    assert refused["code"] == 10002


async def test_card_lives_two_weeks(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown()))

    bot.clock.advance(14 * DAY)
    bot.headers = await bot.platform.authorize()

    assert (await bot.settings(card_id, streaming_mode=True))["code"] == 200750
    assert "cardid is invalid" in (await bot.send(reference(card_id)))["msg"]


async def test_unknown_card_is_said_to_be_so(bot: CardBot) -> None:
    assert (await bot.write("7355372766134157313", "x"))["code"] == 200740


async def test_card_is_changed_ten_times_a_second(bot: CardBot) -> None:
    card_id = await bot.created(streaming())
    path = f"{CARDS}/{card_id}/elements/md/content"

    def body() -> dict[str, Any]:
        return bot.numbered({"content": "x"})

    within = [(await bot.call("PUT", path, body()))["code"] for _ in range(10)]
    beyond = await bot.call("PUT", path, body())
    bot.clock.advance(1)
    later = await bot.call("PUT", path, body())

    assert (within, beyond["code"], later["code"]) == ([0] * 10, 99991400, 0)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ("", 300307),
        ({}, 300307),
        ([], 200220),
        ({"elements": []}, 300303),
        ({"schema": "2.0"}, 200220),
        (card(update_multi=False), 300302),
        (card(markdown("a"), markdown("a")), 300301),
        (card(markdown("1a")), 200220),
        (card(markdown("a" * 21)), 200220),
        (card(*(markdown(f"m{number}") for number in range(201))), 300305),
        (card(markdown(content="x" * 31_000)), 200860),
        (card({"tag": "note"}), 200220),
        (card(streaming_mode="yes"), 200220),
        (card(markdown(content="|a|b|\n|-|-|\n\n" * 4)), 230099),
    ],
)
async def test_bad_card_has_its_code(bot: CardBot, shown: object, code: int) -> None:
    data = shown if isinstance(shown, str) else text(shown)

    assert (await bot.call("POST", CARDS, {"type": "card_json", "data": data}))["code"] == code


async def test_template_is_no_card_here(bot: CardBot) -> None:
    assert (await bot.call("POST", CARDS, {"type": "template", "data": "{}"}))["code"] == 10002


async def test_update_replaces_the_card(bot: CardBot) -> None:
    card_id = await bot.created(streaming())
    new = card(BUTTON)

    updated = await bot.change("PUT", card_id, card={"type": "card_json", "data": text(new)})

    assert updated == {"code": 0, "msg": "success", "data": {}}
    assert (await bot.shown(card_id))["card"] == new


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"config": {"streaming_mode": True, "summary": {"content": "s"}}}, 0),
        ({"card_link": {"url": "https://example.com"}}, 0),
        ({}, 300122),
        ({"config": {"streaming_mode": 1}}, 300122),
        ({"config": {"update_multi": False}}, 300302),
    ],
)
async def test_settings_are_merged_or_refused(
    bot: CardBot, settings: dict[str, Any], code: int
) -> None:
    card_id = await bot.created(card(markdown(), width_mode="fill"))

    answer = await bot.change("PATCH", f"{card_id}/settings", settings=text(settings))

    assert answer["code"] == code
    assert (await bot.shown(card_id))["card"]["config"]["width_mode"] == "fill"


async def test_change_may_not_make_the_card_too_big(bot: CardBot) -> None:
    card_id = await bot.created(streaming())

    assert (await bot.write(card_id, "x" * 31_000))["code"] == 200860


async def test_sequence_may_be_out_of_order_by_a_fault(bot: CardBot) -> None:
    card_id = await bot.created(streaming())
    await bot.platform.post("/_sim/faults", {"kind": "card_sequence"})

    codes = [(await bot.write(card_id, "x", sequence=1))["code"] for _ in range(2)]

    assert codes == [300317, 0]


async def test_card_sent_as_json_gets_an_id(bot: CardBot) -> None:
    message_id = await bot.sent(streaming())

    converted = await bot.call("POST", f"{CARDS}/id_convert", {"message_id": message_id})
    await bot.write(converted["data"]["card_id"], "typed")

    assert (await bot.message(message_id))["text"] == "typed"


async def test_hostile_card_is_refused(bot: CardBot) -> None:
    deep = (
        '{"schema":"2.0","body":{"elements":[' + '{"tag":"a","x":' * 500 + "1" + "}" * 500 + "]}}"
    )

    refused = await bot.call("POST", CARDS, {"type": "card_json", "data": deep})

    assert refused["code"] == 200220
