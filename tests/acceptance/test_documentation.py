"""What the pages say is done, to the letter."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.documented import ROOT, blocks, follow

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_page_on_handlers_is_followed(tmp_path: Path) -> None:
    follow(ROOT / "docs" / "handlers.md", tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_python_of_every_page_is_python(page: Path) -> None:
    for language, text in blocks(page):
        if language == "python":
            compile(text, page.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
