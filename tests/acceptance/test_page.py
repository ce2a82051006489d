"""Promise 10, seen: talking on the chat page, in a real Chromium."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.acceptance import page_cards as cards
from tests.eventually import soon

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.acceptance.browser import Looker, Simulator
    from tests.acceptance.small_bot import SmallBot
    from tests.stage import Stage

pytest_plugins = ["tests.acceptance.page_fixtures"]


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


async def test_message_is_sent_and_its_answer_appears(page: Page, bot: SmallBot) -> None:
    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")
    asked = await soon(lambda: _message(bot))
    await bot.reply(asked["message_id"], "Hello **alice**")

    await expect(page.locator(".message.mine")).to_contain_text("hello")
    await expect(page.locator(".message.mine .tick.stored")).to_be_visible()
    await expect(page.locator(".message:not(.mine) strong").last).to_have_text("alice")
    await expect(page.locator(".quote")).to_contain_text("alice: hello")


async def test_the_real_bot_answers_on_the_page(stage: Stage, looker: Looker) -> None:
    await asyncio.to_thread(stage.start_ingress)
    await asyncio.to_thread(stage.start_worker)
    page = await looker.open(stage.simulator_url)

    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")

    answer = page.locator(".message:not(.mine)")
    await expect(answer).to_contain_text("You said: hello")


async def test_picked_image_is_sent_and_shown(page: Page, bot: SmallBot) -> None:
    picked = FilePayload(name="dot.png", mimeType="image/png", buffer=cards.DOT_PNG)
    await page.locator("#files").set_input_files(picked)
    await expect(page.locator(".attachment")).to_contain_text("dot.png")

    await page.get_by_role("button", name="Send", exact=True).click()

    shown = page.locator(".message.mine img.picture")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    asked = await soon(lambda: _message(bot))
    assert asked["message_type"] == "image"


async def test_pasted_and_dropped_files_are_attached(page: Page) -> None:
    for target, kind in (("#text", "paste"), ("#chat", "drop")):
        await page.locator(target).evaluate(cards.GIVE_FILE, [kind, f"{kind}.txt"])

    await expect(page.locator(".attachment")).to_contain_text(["paste.txt", "drop.txt"])


async def test_group_mention_is_completed_by_keyboard(page: Page, bot: SmallBot) -> None:
    await page.get_by_role("button", name="team").click()
    await page.get_by_label("Message", exact=True).press_sequentially("hi @l")
    await expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["❀Larkspur"])

    await page.keyboard.press("Enter")
    await page.keyboard.type("please")
    await page.keyboard.press("Enter")

    asked = await soon(lambda: _message(bot))
    assert asked["mentions"][0]["name"] == "Larkspur"
    await expect(page.locator(".message.mine .at")).to_have_text("@Larkspur")


async def test_reaction_recall_and_thread(page: Page, bot: SmallBot) -> None:
    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")
    mine = page.locator(".message.mine")
    await mine.hover()
    await page.get_by_role("button", name="React", exact=True).click()
    await page.get_by_role("button", name="PARTY", exact=True).click()
    await expect(mine.locator(".reaction")).to_contain_text("alice")
    asked = await soon(lambda: _message(bot))
    await bot.reply(asked["message_id"], "inside", in_thread=True)

    await page.get_by_role("button", name="1 reply").click()
    await expect(page.locator("#chat-title")).to_have_text("Thread")
    await expect(page.locator(".message")).to_contain_text(["hello", "inside"])
    await page.keyboard.press("Escape")
    await mine.hover()
    await page.get_by_role("button", name="Recall").click()

    await expect(page.locator(".recalled")).to_contain_text("alice recalled a message")


async def test_lost_feed_comes_back_and_catches_up(simulator: Simulator, looker: Looker) -> None:
    page = await looker.open(simulator.url)
    await asyncio.to_thread(simulator.stop)
    await expect(page.locator("#status")).to_contain_text("away")

    await asyncio.to_thread(simulator.start)
    await page.get_by_label("Message", exact=True).fill("still here")
    await expect(page.locator("#status")).to_contain_text("offline")
    await page.keyboard.press("Enter")

    await expect(page.locator(".message.mine")).to_contain_text("still here")


async def _message(bot: SmallBot) -> dict[str, Any]:
    bodies = [body["event"].get("message") for body in bot.heard]
    return next(filter(None, bodies), {})
