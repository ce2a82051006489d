from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from simulator.page import FILES

if TYPE_CHECKING:
    from tests.unit.simulator.conftest import Start


async def test_page_and_its_parts_come_with_the_policy(start: Start) -> None:
    platform = await start()

    for path in FILES:
        async with platform.http.get(platform.url + path) as response:
            assert response.status == 200
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/__init__.py", "/scripts/", "/scripts/%2e%2e/__init__.py"])
async def test_nothing_else_of_the_folder_is_served(start: Start, path: str) -> None:
    platform = await start()

    async with platform.http.get(platform.url + path) as response:
        assert response.status == 404


def test_everything_the_page_names_is_there() -> None:
    for path, file in FILES.items():
        named = re.findall(
            r"""(?:from |src=|href=)"(?!#|data:)\.?/?([\w/.-]+)\"""", file.read_text()
        )
        folder = path.rpartition("/")[0]
        assert all(f"{folder}/{name}" in FILES for name in named), path


def test_no_part_of_the_page_sets_html_but_one() -> None:
    setters = re.compile(r"innerHTML|outerHTML =|insertAdjacentHTML|document\.write|DOMParser")

    found = [path for path, file in FILES.items() if setters.search(file.read_text())]

    assert found == ["/scripts/html.js"]
