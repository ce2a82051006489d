"""The elements of a card entity: added, replaced, patched, deleted, one by one or in a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.simulator.cards import BUTTON, CardBot, card, card_bot, markdown, text

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import FakeClock, Start

PANEL = {"tag": "collapsible_panel", "element_id": "panel", "elements": [markdown("inner")]}


@pytest.fixture
async def bot(start: Start, clock: FakeClock) -> CardBot:
    return await card_bot(start, clock)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({"type": "insert_before", "target_element_id": "b"}, ["a", "new", "b"]),
        ({"type": "insert_after", "target_element_id": "a"}, ["a", "new", "b"]),
        ({"type": "append"}, ["a", "b", "new"]),
    ],
)
async def test_element_is_added_where_it_is_wanted(
    bot: CardBot, asked: dict[str, Any], order: list[str]
) -> None:
    card_id = await bot.created(card(markdown("a"), markdown("b")))

    await bot.change("POST", f"{card_id}/elements", elements=text([markdown("new")]), **asked)

    elements = (await bot.shown(card_id))["card"]["body"]["elements"]
    assert [element["element_id"] for element in elements] == order


async def test_element_is_added_to_a_container(bot: CardBot) -> None:
    card_id = await bot.created(card(PANEL))
    asked = {"type": "append", "target_element_id": "panel", "elements": text([markdown("new")])}

    await bot.change("POST", f"{card_id}/elements", **asked)

    panel = (await bot.shown(card_id))["card"]["body"]["elements"][0]
    assert [element["element_id"] for element in panel["elements"]] == ["inner", "new"]


async def test_elements_are_replaced_patched_and_deleted(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown("a"), PANEL))
    path = f"{card_id}/elements"

    codes = [
        (await bot.change("PUT", f"{path}/a", element=text(BUTTON)))["code"],
        (await bot.change("PATCH", f"{path}/ok", partial_element=text({"size": "large"})))["code"],
        (await bot.change("DELETE", f"{path}/inner"))["code"],
    ]

    assert codes == [0, 0, 0]
    expected = [{**BUTTON, "size": "large"}, {**PANEL, "elements": []}]
    assert (await bot.shown(card_id))["card"]["body"]["elements"] == expected


@pytest.mark.parametrize(
    ("method", "path", "asked", "code"),
    [
        ("PUT", "elements/gone", {"element": text(BUTTON)}, 300121),
        ("PUT", "elements/md", {"element": "[]"}, 300121),
        ("PATCH", "elements/gone", {"partial_element": "{}"}, 300313),
        ("PATCH", "elements/md", {"partial_element": '{"tag":"button"}'}, 300312),
        ("DELETE", "elements/gone", {}, 300314),
        ("POST", "elements", {"type": "append", "elements": "[1]"}, 300315),
        ("POST", "elements", {"type": "append", "elements": "not json"}, 10002),
        ("POST", "elements", {"type": "sideways", "elements": "[]"}, 10002),
        ("POST", "batch_update", {"actions": "{}"}, 10002),
        ("POST", "batch_update", {"actions": '[{"action":"dance","params":{}}]'}, 10002),
    ],
)
async def test_impossible_change_has_its_code(
    bot: CardBot, method: str, path: str, asked: dict[str, Any], code: int
) -> None:
    card_id = await bot.created(card(markdown()))

    assert (await bot.change(method, f"{card_id}/{path}", **asked))["code"] == code


async def test_container_is_needed_to_append_to(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown()))
    asked = {"type": "append", "target_element_id": "md", "elements": text([markdown("new")])}

    assert (await bot.change("POST", f"{card_id}/elements", **asked))["code"] == 300315


async def test_batch_does_all_its_actions(bot: CardBot) -> None:
    card_id = await bot.created(card(markdown("a"), markdown("b"), markdown("c")))

    done = await bot.batch(
        card_id,
        ("partial_update_setting", {"settings": {"config": {"streaming_mode": True}}}),
        (
            "add_elements",
            {"type": "insert_before", "target_element_id": "a", "elements": [markdown("d")]},
        ),
        ("delete_elements", {"element_ids": ["b"]}),
        ("partial_update_element", {"element_id": "a", "partial_element": {"content": "hi"}}),
        ("update_element", {"element_id": "c", "element": BUTTON}),
    )

    assert done["code"] == 0
    state = await bot.shown(card_id)
    assert state["card"]["body"]["elements"] == [markdown("d"), markdown("a", "hi"), BUTTON]
    assert (state["streaming"], state["revision"]) == (True, 2)


async def test_batch_does_none_if_one_fails(bot: CardBot) -> None:
    shown = card(markdown("a"))
    card_id = await bot.created(shown)

    failed = await bot.batch(
        card_id,
        ("partial_update_element", {"element_id": "a", "partial_element": {"content": "hi"}}),
        ("delete_elements", {"element_ids": ["gone"]}),
    )

    assert failed["code"] == 300314
    assert (await bot.shown(card_id))["card"] == shown
