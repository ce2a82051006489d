"""The side panel of the chat page: frames, calls, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.acceptance.small_bot import SmallBot

pytest_plugins = ["tests.acceptance.page_fixtures"]


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


async def test_fault_is_switched_on_and_off(page: Page, bot: SmallBot) -> None:
    await page.get_by_role("button", name="The wire").click()
    await page.get_by_role("tab", name="Faults").click()

    switch = page.get_by_role("switch", name="quota_spent")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    with pytest.raises(AssertionError, match="99991403"):
        await bot.send("text", {"text": "hello"}, await bot.chat_of("alice"))
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")

    await bot.send("text", {"text": "hello"}, await bot.chat_of("alice"))
    await expect(page.locator(".message")).to_contain_text(["hello"])
    await page.get_by_role("tab", name="API calls").click()
    await expect(page.locator("#calls .ack.bad")).to_contain_text("99991403")


async def test_wire_shows_each_frame_with_its_ack_and_redelivery(page: Page, bot: SmallBot) -> None:
    await page.get_by_role("button", name="The wire").click()
    await page.request.post("/_sim/faults", data={"kind": "drop_ack"})

    await page.get_by_label("Message", exact=True).fill("hello")
    await page.keyboard.press("Enter")

    again = page.locator(".frame.again")
    await expect(page.locator(".frame:not(.again) .ack.bad")).to_have_text("no ack")
    await expect(again).to_contain_text("attempt 2")
    await expect(again.locator(".ack.good")).to_contain_text("200")
