"""Whatever is said on the chat page stays text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from tests.acceptance import page_cards as cards
from tests.eventually import soon

if TYPE_CHECKING:
    from playwright.async_api import Page

    from tests.acceptance.browser import Looker
    from tests.acceptance.small_bot import SmallBot

pytest_plugins = ["tests.acceptance.page_fixtures"]

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@pytest.fixture(autouse=True)
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


@pytest.mark.parametrize(
    ("msg_type", "content"),
    [
        ("text", {"text": HOSTILE}),
        ("post", {"zh_cn": {"title": HOSTILE, "content": [[{"tag": "md", "text": HOSTILE}]]}}),
        ("interactive", cards.hostile(HOSTILE)),
    ],
)
async def test_html_of_a_bot_stays_text(
    page: Page, bot: SmallBot, msg_type: str, content: dict[str, Any]
) -> None:
    await bot.send(msg_type, content, await bot.chat_of("alice"))

    await expect(page.locator(".message")).to_contain_text("<script>")
    assert await page.locator("#messages :is(script, img)").count() == 0
    assert "owned" not in await page.title()


async def test_html_of_a_user_stays_text(page: Page) -> None:
    await page.get_by_label("Message", exact=True).fill(HOSTILE)
    await page.keyboard.press("Enter")

    await expect(page.locator(".message .words")).to_have_text(HOSTILE)
    assert "owned" not in await page.title()


async def test_policy_lets_no_script_in_by_another_way(page: Page, looker: Looker) -> None:
    refused = await page.evaluate(cards.TRY_TO_RUN)

    assert refused == ["TypeError", "TypeError"]
    await soon(lambda: _two(looker.complaints))
    assert all("Trusted" in complaint for complaint in looker.complaints)
    looker.complaints.clear()


async def _two(complaints: list[str]) -> bool:
    return len(complaints) == 2
