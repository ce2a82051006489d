"""A real Chromium and a simulator for one test; how it looked is kept in `artefacts/`."""

from __future__ import annotations

import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import async_playwright, expect

from cli.ports import free_port
from tests.eventually import PATIENCE
from tests.processes import Process
from tests.stage import APP_ID, APP_SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, ConsoleMessage, Page

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DESK = (1280, 820)
PHONE = (390, 844)


def chromium() -> str:
    """Return the system's Chromium; without one skip the test, or in CI fail it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("CI has no Chromium to look at the page with")
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    return str(found)


class Simulator:
    """A simulator process on a port of its own, that can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self._port = str(free_port())
        self._log = folder / "simulator.log"
        self.url = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        options = ("--port", self._port, "--app-id", APP_ID, "--app-secret", APP_SECRET)
        arguments = ("-m", "simulator", *options, "--time-scale", "60", "--ack-deadline", "5")
        self._process = Process("simulator", arguments, {}, self._log)
        self._process.says("listening on")

    def stop(self) -> None:
        self._process.stop()


class Looker:
    """Opens pages, and fails the test for any error of a script or of the content policy."""

    def __init__(self, browser: Browser, name: str) -> None:
        self._browser = browser
        self._name = name
        self._pages: list[Page] = []
        self.complaints: list[str] = []

    async def open(
        self, url: str, size: tuple[int, int] = DESK, *, touch: bool = False, dark: bool = False
    ) -> Page:
        """Open the page in a fresh profile, and wait until it has caught up."""
        page = await self._browser.new_page(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            color_scheme="dark" if dark else "light",
        )
        page.set_default_timeout(1000 * PATIENCE)
        expect.set_options(timeout=1000 * PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        self._pages.append(page)
        await page.goto(url)
        await page.locator("#chats[data-ready]").wait_for(state="attached")
        return page

    async def keep(self) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        for number, page in enumerate(self._pages):
            await page.screenshot(path=ARTEFACTS / f"{self._name}-{number}.png")

    def _hear(self, message: ConsoleMessage) -> None:
        # That the network is away, or a file gone, is not the page's fault.
        if message.type == "error" and "net::ERR" not in message.text:
            self.complaints.append(message.text)


@asynccontextmanager
async def looking(name: str) -> AsyncIterator[Looker]:
    """Look with a browser of our own; what there is to complain of fails the test at its end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=list(ARGUMENTS), timeout=1000 * PATIENCE
        )
        looker = Looker(browser, name)
        try:
            yield looker
            await looker.keep()
        finally:
            await browser.close()
    assert looker.complaints == []
