"""The dashboard and the alerts ask for what there is, and every alert says what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared.telemetry.metric import Spread
from shared.telemetry.of_ingress import OF_INGRESS
from shared.telemetry.of_worker import OF_WORKER

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "k8s/monitoring/dashboard.json"
ALERTS = ROOT / "k8s/monitoring/alerts.yaml"
CASES = Path(__file__).with_name("alerts.yaml")
RUNBOOK = (ROOT / "docs/alerts.md").read_text()
NAMED = re.compile(r"larkspur_\w+")
ALERT = re.compile(r"- alert: (\w+)")


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("there is no promtool on this machine")
    return found


def exposed() -> set[str]:
    """Return every name that a query may ask for."""
    names = set()
    for metric in (*OF_INGRESS, *OF_WORKER):
        endings = ("_bucket", "_count", "_sum") if isinstance(metric, Spread) else ("",)
        names |= {f"{metric.shown}{ending}" for ending in endings}
    return names


def queries() -> Iterator[str]:
    """Yield what the dashboard's panels ask, with a range where Grafana puts one."""
    for panel in panels():
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "5m")


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def test_every_query_asks_for_a_metric_that_exists() -> None:
    for query in queries():
        assert set(NAMED.findall(query)) <= exposed(), query
        assert "larkspur_" in query


def test_every_alert_looks_at_metrics_that_exist() -> None:
    expressions = re.findall(r"expr: >-\n((?: {10}.*\n)+)", ALERTS.read_text())

    assert len(expressions) == len(ALERT.findall(ALERTS.read_text()))
    for expression in expressions:
        assert set(NAMED.findall(expression)) <= exposed(), expression


def test_every_alert_has_a_runbook() -> None:
    alerts = ALERT.findall(ALERTS.read_text())
    headings = re.findall(r"^## (\w+)$", RUNBOOK, re.MULTILINE)

    assert alerts == headings
    for alert in alerts:
        assert f"runbook: docs/alerts.md#{alert.lower()}" in ALERTS.read_text()


def test_no_two_panels_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {
            (place["x"] + across, place["y"] + down)
            for across in range(place["w"])
            for down in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_prometheus_takes_the_alerts_and_every_query(promtool: str, tmp_path: Path) -> None:
    rules = [
        f"- record: panel:{place}\n  expr: {json.dumps(q)}" for place, q in enumerate(queries())
    ]
    recorded = "\n".join(rules).replace("\n", "\n      ")
    asked = tmp_path / "queries.yaml"
    asked.write_text(f"groups:\n  - name: panels\n    rules:\n      {recorded}\n")

    checked = run(promtool, "check", "rules", str(ALERTS), str(asked))

    assert checked.count("SUCCESS") == 2, checked


def test_alerts_fire_when_they_should(promtool: str, tmp_path: Path) -> None:
    shutil.copy(ALERTS, tmp_path / "alerts.rules")
    cases = shutil.copy(CASES, tmp_path / "cases.yaml")

    tested = run(promtool, "test", "rules", str(cases))

    assert "SUCCESS" in tested


def run(*command: str) -> str:
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    return said
