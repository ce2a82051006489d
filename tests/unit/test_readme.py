"""The README is true: its figures are those of the last `make bench`, its links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_figures_are_those_of_the_last_measurement(name: str) -> None:
    text = (ROOT / name).read_text()
    measured = {
        figure["name"]: figure
        for figure in json.loads((ROOT / "benchmarks" / "results.json").read_text())
    }

    start, memory = (
        measured[f"ingress {what}"] for what in ("ready after start", "resident memory")
    )

    rows = re.findall(r"^\| [^|]+ \| ([\d.]+) \S+ \| ([\d.]+) \S+ \|$", text, re.MULTILINE)
    assert rows == [
        (f"{start['value']:.1f}", f"{start['baseline']:.1f}"),
        (f"{memory['value']:.0f}", f"{memory['baseline']:.0f}"),
    ]


@pytest.mark.parametrize("name", READMES)
def test_links_into_the_repository_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()

    linked = re.findall(r"\]\(([^)#:]+)\)", text)

    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_it_can_be_read_at_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text().splitlines()) <= 150
