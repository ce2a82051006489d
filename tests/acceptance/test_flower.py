"""What Flower shows: what kind of work there is, how it ended, and no word of what was said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest
from playwright.async_api import async_playwright, expect

from tests.acceptance.browser import ARGUMENTS, ARTEFACTS, DESK, chromium
from tests.acceptance.mischief import order
from tests.acceptance.watching import PASSWORD, Flower
from tests.eventually import PATIENCE, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.operator import Operator
    from tests.stage import Stage

SAID = "the merger is on friday"
ALICE = "alice@example.com"


@pytest.fixture
def nothing_blocks_the_loop() -> None:
    """Take the watch off: no loop of ours runs in this process, and Playwright's reads files."""


def start_seen_worker(stage: Stage, flower: Flower) -> None:
    """Start a worker that Flower hears: what it did not hear nobody tells it again."""
    stage.start_worker()
    eventually(lambda: "flower_worker_online" in flower.ask("/metrics"))


def test_tasks_are_named_by_their_kind_and_a_deferred_turn_has_succeeded(
    stage: Stage, operator: Operator, tmp_path: Path
) -> None:
    kept = tmp_path / "watched" / "flower"
    flower = Flower(stage, LARKSPUR_FLOWER__DB=str(kept), LARKSPUR_FLOWER__READ_ONLY="true")
    stage.start_ingress()
    start_seen_worker(stage, flower)

    message_id = stage.say(SAID)
    stage.answer(message_id)
    operator.ask("send", "--to", ALICE, "--id", "build-42", SAID)
    replied = flower.tells(lambda task: task["result"] == "'replied'" and task["name"] == "turn")
    sent = flower.tells(lambda task: task["name"] == "event send" and bool(task["result"]))
    order(stage, "model_error", count=None, status=429, retry_after=3600)
    stage.say(SAID)
    deferred = flower.tells(lambda task: task["result"] == "'deferred'")

    chat = stage.chat_of(message_id)
    assert (replied["state"], replied["args"]) == ("SUCCESS", f"('{chat}',)")
    assert (deferred["state"], deferred["args"]) == ("SUCCESS", f"('{chat}',)")
    assert (sent["state"], ALICE in sent["args"]) == ("SUCCESS", False)
    assert 'task="event send"' in flower.ask("/metrics")
    for path in ("/api/tasks", "/api/workers", "/metrics", "/tasks"):
        assert SAID not in flower.ask(path)
    with pytest.raises(HTTPError, match="403"):
        flower.ask("/api/task/async-apply/turn", b'{"args": ["oc_1"]}')

    flower.restart()

    assert set(flower.tasks()) >= {replied["uuid"], sent["uuid"], deferred["uuid"]}


async def test_person_sees_by_name_what_ran(stage: Stage) -> None:
    flower = await asyncio.to_thread(Flower, stage)
    await asyncio.to_thread(stage.start_ingress)
    await asyncio.to_thread(start_seen_worker, stage, flower)
    message_id = await asyncio.to_thread(stage.say, SAID)
    await asyncio.to_thread(stage.answer, message_id)
    await asyncio.to_thread(flower.tells, lambda task: task["state"] == "SUCCESS")

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=list(ARGUMENTS), timeout=1000 * PATIENCE
        )
        page = await browser.new_page(
            viewport={"width": DESK[0], "height": DESK[1]},
            http_credentials={"username": "larkspur", "password": PASSWORD},
        )
        page.set_default_timeout(1000 * PATIENCE)
        expect.set_options(timeout=1000 * PATIENCE)
        await page.goto(f"{flower.url}/tasks")

        row = page.locator("table tbody tr").first
        await expect(row).to_contain_text("turn")
        await expect(row).to_contain_text("SUCCESS")
        await expect(row).to_contain_text("replied")
        assert SAID not in await page.content()
        ARTEFACTS.mkdir(exist_ok=True)
        await page.screenshot(path=ARTEFACTS / "flower.png")
        await browser.close()
