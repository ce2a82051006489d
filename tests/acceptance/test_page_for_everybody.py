"""The chat page by keyboard, on a phone, in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.acceptance import page_cards as cards
from tests.acceptance.browser import PHONE

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.acceptance.browser import Looker, Simulator
    from tests.acceptance.small_bot import SmallBot

pytest_plugins = ["tests.acceptance.page_fixtures"]


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


async def test_keyboard_alone_is_enough(page: Page, bot: SmallBot) -> None:
    bot.answer = {"toast": {"type": "info", "content": "pressed"}}
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine .words")).to_have_text("one\ntwo")
    await bot.send("interactive", cards.APPROVAL, await bot.chat_of("alice"))
    await expect(page.locator(".card")).to_be_visible()

    await _tab_to(page, "Approve", backwards=True)
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast.info")).to_have_text("pressed")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()

    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator("#chat-title")).to_have_text("team")


async def test_phone_shows_one_view_at_a_time(
    simulator: Simulator, bot: SmallBot, looker: Looker
) -> None:
    page = await looker.open(simulator.url, PHONE, touch=True)
    await bot.send("interactive", cards.FORM, await bot.chat_of("alice"))
    await expect(page.locator(".card")).to_be_visible()
    await expect(page.locator("#chats")).to_be_hidden()
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")

    await page.get_by_role("button", name="The wire").tap()
    await expect(page.locator("#wire")).to_be_visible()
    await expect(page.locator("#chat")).to_be_hidden()
    await page.get_by_role("button", name="Chats").tap()
    await page.get_by_role("button", name="team").tap()

    await expect(page.locator("#chat-title")).to_have_text("team")
    assert not wide


async def test_dark_follows_the_system_until_it_is_chosen(
    simulator: Simulator, bot: SmallBot, looker: Looker
) -> None:
    page = await looker.open(simulator.url, dark=True)
    await bot.send("interactive", cards.APPROVAL, await bot.chat_of("alice"))
    await expect(page.locator(".card")).to_be_visible()
    await looker.keep()
    dark = await _ground(page)
    await page.get_by_role("button", name="Dark or light").click()
    light = await _ground(page)
    await page.reload()

    assert dark < 60
    assert light > 200
    assert await _ground(page) == light


async def test_everything_that_can_be_used_has_a_name(page: Page, bot: SmallBot) -> None:
    for card in (cards.APPROVAL, cards.FORM):
        await bot.send("interactive", card, await bot.chat_of("alice"))
    await page.get_by_role("button", name="The wire").click()
    await expect(page.locator(".card")).to_have_count(2)

    nameless = await page.evaluate(cards.NAMELESS)

    assert nameless == []


async def _tab_to(page: Page, name: str, *, backwards: bool) -> None:
    for _ in range(30):
        await page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"no way to {name} by keyboard")


async def _ground(page: Page) -> int:
    """Return how light the page's ground is, of 255."""
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(colour.partition("(")[2].partition(",")[0])
