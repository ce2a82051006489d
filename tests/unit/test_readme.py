"""The README is true: its figures are those of the last `make bench`, its links lead somewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


@pytest.mark.parametrize("name", READMES)
def test_figures_are_those_of_the_last_measurement(name: str) -> None:
    text = (ROOT / name).read_text()

    rows = re.findall(r"^\| [^|]+ \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]*) ?\|$", text, re.MULTILINE)

    assert rows == measured_rows()


@pytest.mark.parametrize("name", READMES)
def test_links_into_the_repository_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()

    linked = re.findall(r"\]\(([^)#:]+)\)", text)

    assert linked
    assert [link for link in linked if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_it_can_be_read_at_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text().splitlines()) <= 150


def measured_rows() -> list[tuple[str, str, str]]:
    """Return the table as `make bench` last measured it: ours, doing nothing, with Celery."""
    found: dict[str, list[dict[str, Any]]] = {}
    for figure in json.loads((ROOT / "benchmarks" / "results.json").read_text()):
        found.setdefault(figure["name"], []).append(figure)
    rows = []
    for name, written in (
        ("events stored and acked, 1,000 outstanding", "{:,.0f}"),
        ("ack of one event at a time, p50", "{:.2f}"),
        ("last ack of a burst of 1,000", "{:,.0f}"),
        ("ingress ready after start", "{:.1f}"),
        ("ingress resident memory", "{:.0f}"),
    ):
        beside = sorted(found[name], key=lambda figure: "Celery" in figure["beside"])
        theirs = [written.format(figure["baseline"]) for figure in beside]
        rows.append(
            (written.format(beside[0]["value"]), theirs[0], theirs[1] if theirs[1:] else "")
        )
    return rows
