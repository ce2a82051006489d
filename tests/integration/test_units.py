"""The files in docs/systemd.md are what systemd and node can read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "systemd.md").read_text()
LARKSPUR = "/opt/larkspur/.venv/bin/larkspur"

UNITS = {
    f"larkspur-{name}.service": unit
    for name, unit in zip(
        ("ingress", "worker@"),
        re.findall(r"^```ini\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE),
        strict=True,
    )
}


def told(unit: str, name: str) -> str:
    """Return what a unit says last about something."""
    return str(re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)[-1])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault(name: str, tmp_path: Path) -> None:
    (unit := tmp_path / name).write_text(UNITS[name].replace(LARKSPUR, "/bin/true"))

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit).replace("@.", "@1.")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, _about(name, verified.stderr)) == (0, [])


@pytest.mark.parametrize("name", UNITS)
def test_wrong_setting_is_not_retried_for_ever(name: str) -> None:
    assert told(UNITS[name], "RestartPreventExitStatus") == "78"


def test_unit_of_the_ingress_hears_what_it_says() -> None:
    unit = UNITS["larkspur-ingress.service"]

    assert (told(unit, "Type"), told(unit, "WatchdogSec")) == ("notify", "30")
    assert told(unit, "Environment") == "LARKSPUR_INGRESS__GRACE=0"


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_pm2_runs_one_ingress_and_some_workers(tmp_path: Path) -> None:
    (script,) = re.findall(r"^```js\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "ecosystem.config.js").write_text(script)

    read = subprocess.run(
        ["node", "-p", "JSON.stringify(require('./ecosystem.config.js').apps)"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )

    ingress, worker = json.loads(read.stdout)
    assert (ingress["args"], ingress["instances"]) == ("ingress", 1)
    assert (worker["args"], worker["instances"]) == ("worker", 2)
    assert ingress["script"] == worker["script"] == LARKSPUR


def _about(name: str, said: str) -> list[str]:
    """Return the complaints about our unit; the machine's own may have faults too."""
    return [line for line in said.splitlines() if name.partition("@")[0] in line]
