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
def test_figures_of_workers_are_those_of_the_last_measurement(name: str) -> None:
    text = (ROOT / name).read_text()

    rows = re.findall(
        r"^\| [^|]+ \| ([\d.,]+) \| ([\d.,]*)(?: \([^|]+\))? ?\|$", text, re.MULTILINE
    )

    assert rows == measured_of_workers()


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
    found = measured()
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


def measured_of_workers() -> list[tuple[str, str]]:
    """Return the workers' table: ours, and what stands beside it if anything does."""
    found = measured()
    rows = []
    for name, written in (
        ("500 turns at once, 10 chunks/s for 5 s, p50", "{:.1f}"),
        ("worker resident memory with these", "{:.0f}"),
        ("memory per turn at once", "{:.2f}"),
        ("CPU per answer of these, turn and card included", "{:.0f}"),
        ("turns per second, two workers", "{:,.0f}"),
        ("turn of a killed worker runs again, slowest", "{:,.0f}"),
        ("turn that was handed over runs again, p50", "{:.0f}"),
        ("calls of Feishu over TLS, 100 at a time", "{:,.0f}"),
        ("connections opened for these", "{:,.0f}"),
        ("ends of 200 answers, later than the limits force, slowest", "{:.1f}"),
    ):
        (figure,) = found[name]
        beside = figure["baseline"]
        rows.append(
            (written.format(figure["value"]), "" if beside is None else written.format(beside))
        )
    return rows


def measured() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for figure in json.loads((ROOT / "benchmarks" / "results.json").read_text()):
        found.setdefault(figure["name"], []).append(figure)
    return found
