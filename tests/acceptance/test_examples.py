"""The examples, by their own pages."""

from __future__ import annotations

import pytest

from tests.documented import ROOT, follow

EXAMPLES = ROOT / "examples"
NAMES = sorted(page.parent.name for page in EXAMPLES.glob("*/README.md"))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "claude_code"])
def test_example_does_what_its_page_says(name: str) -> None:
    follow(EXAMPLES / name / "README.md", EXAMPLES / name)


@pytest.mark.parametrize("name", NAMES)
def test_example_is_short(name: str) -> None:
    for file in (EXAMPLES / name).glob("*.py"):
        assert len(file.read_text().splitlines()) <= 60


def test_every_example_is_listed() -> None:
    page = (EXAMPLES / "README.md").read_text()

    assert [name for name in NAMES if f"]({name})" not in page] == []
