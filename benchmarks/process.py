"""A process under measurement: how it is started and ended, and what it has used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from cli.plan import SIMULATED_APP
from shared.settings import known_names

_ROOT: Final = Path(__file__).parents[1]
_ENDS_WITHIN: Final = 30.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def started(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a Python of ours in a new `folder`, its output in `log` there, as in production.

    It finds in its environment what it is given, and no setting of the developer's.
    """
    folder.mkdir(parents=True)
    inherited = {name: value for name, value in os.environ.items() if name not in known_names()}
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**inherited, **SIMULATED_APP, "PYTHONPATH": str(_ROOT), **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def ended(process: subprocess.Popen[bytes]) -> None:
    """Tell it to end, and end it if it does not."""
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_of(pid: int) -> float:
    """Return its memory in MB, and that of its children."""
    asked = ["ps", "-o", "rss=", "--pid", str(pid), "--ppid", str(pid)]
    told = subprocess.run(asked, check=True, capture_output=True).stdout.split()
    return sum(map(int, told)) / 1024
