"""Cards on the chat page: shown, written, pressed, filled in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.acceptance import page_cards as cards
from tests.eventually import soon

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.acceptance.small_bot import SmallBot

pytest_plugins = ["tests.acceptance.page_fixtures"]

STORY = " ".join(["Once upon a time"] * 100)
"""It takes more than a minute to type: however busy the machine is, it is not all there."""


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


async def test_stream_is_typed_and_ends_whole(page: Page, bot: SmallBot) -> None:
    alice = await bot.chat_of("alice")
    made = await bot.call(
        "POST", "/cardkit/v1/cards", {"type": "card_json", "data": json.dumps(cards.STREAMING)}
    )
    await bot.send("interactive", {"type": "card", "data": {"card_id": made["card_id"]}}, alice)
    element = f"/cardkit/v1/cards/{made['card_id']}/elements/answer/content"
    await bot.call("PUT", element, {"content": STORY, "sequence": 1})
    card = page.locator(".card")
    await expect(card).to_have_attribute("aria-busy", "true")
    await expect(card).to_contain_text("Once")
    typed = await card.locator(".markdown").inner_text()
    await bot.call("PUT", element, {"content": f"{STORY}, **the end**", "sequence": 2})
    off = json.dumps({"config": {"streaming_mode": False}})
    settings = {"settings": off, "sequence": 3}
    await bot.call("PATCH", f"/cardkit/v1/cards/{made['card_id']}/settings", settings)

    assert len(typed) < len(STORY)
    await expect(card.locator(".markdown")).to_have_text(f"{STORY}, the end")
    await expect(card.locator(".markdown strong")).to_have_text("the end")
    await expect(card).not_to_have_attribute("aria-busy", "true")


async def test_button_calls_back_shows_a_toast_and_the_new_card(page: Page, bot: SmallBot) -> None:
    bot.answer = {
        "toast": {"type": "success", "content": "Approved"},
        "card": {"type": "raw", "data": cards.DONE},
    }
    await bot.send("interactive", cards.APPROVAL, await bot.chat_of("alice"))

    await page.get_by_role("button", name="Approve", exact=True).click()

    await expect(page.locator(".toast.success")).to_have_text("Approved")
    await expect(page.locator(".card")).to_contain_text("Approved by alice")
    action = _pressed(bot)["action"]
    assert (action["tag"], action["value"]) == ("button", {"do": "approve"})


async def test_bot_that_does_not_answer_shows_the_clients_error(page: Page, bot: SmallBot) -> None:
    await bot.send("interactive", cards.APPROVAL, await bot.chat_of("alice"))
    bot.silent = True

    await page.get_by_role("button", name="Approve", exact=True).click()

    await expect(page.locator(".toast.error")).to_contain_text("200341")


async def test_form_is_filled_and_submitted_at_once(page: Page, bot: SmallBot) -> None:
    await bot.send("interactive", cards.FORM, await bot.chat_of("alice"))
    await page.get_by_role("button", name="Submit", exact=True).click()
    await expect(page.locator(".toast.warning")).to_contain_text("City")

    await page.get_by_label("City").fill("上海")
    await page.get_by_label("Class").select_option("Business")
    await page.get_by_text("With whom").click()
    await page.get_by_role("checkbox", name="Bob").check()
    await page.get_by_label("Day").fill("2026-12-24")
    await page.get_by_label("I agree").check()
    await page.get_by_role("button", name="Submit", exact=True).click()

    pressed = await soon(lambda: _pressed_later(bot))
    assert pressed["action"]["name"] == "submit"
    assert pressed["action"]["form_value"] == {
        "city": "上海",
        "class": "biz",
        "with": ["b"],
        "day": "2026-12-24 +0800",
        "agree": True,
    }


async def test_select_and_overflow_call_back_with_their_option(page: Page, bot: SmallBot) -> None:
    bot.answer = {"toast": {"type": "info", "content": "heard"}}
    await bot.send("interactive", cards.APPROVAL, await bot.chat_of("alice"))

    await page.get_by_label("Postpone", exact=True).select_option("tomorrow")
    selected = await soon(lambda: _pressed_later(bot))
    await expect(page.locator(".toast.info")).to_have_text("heard")  # until then it takes no other
    bot.heard.clear()
    await page.get_by_label("More", exact=True).click()
    await page.get_by_role("button", name="Show the log").click()
    overflown = await soon(lambda: _pressed_later(bot))

    assert (selected["action"]["tag"], selected["action"]["option"]) == ("select_static", "1")
    assert (overflown["action"]["tag"], overflown["action"]["option"]) == ("overflow", "log")


def _pressed(bot: SmallBot) -> dict[str, Any]:
    events = [body for body in bot.heard if body["header"]["event_type"] == "card.action.trigger"]
    event: dict[str, Any] = events[-1]["event"]
    return event


async def _pressed_later(bot: SmallBot) -> dict[str, Any]:
    return _pressed(bot) if any("action" in body["event"] for body in bot.heard) else {}
