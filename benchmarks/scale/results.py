"""Where it goes: `scale.json`, the pictures beside it, and the tables of docs/scaling.md."""

from __future__ import annotations

import json
import os
import platform
import re
from pathlib import Path
from typing import Any, Final

from benchmarks.results import figures
from benchmarks.scale.tables import tables

RESULTS: Final = Path(__file__).parents[1] / "scale.json"
PAGE: Final = Path(__file__).parents[2] / "docs" / "scaling.md"

_BLOCK: Final = re.compile(r"<!-- begin of ([a-z-]+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_INNERMOST: Final = re.compile(r"[\[{][^\[\]{}]*[\]}]")


def keep(group: str, found: Any) -> None:
    """Replace what was measured of one group, and keep the others'."""
    everything = measured() if RESULTS.exists() else {}
    everything["machine"] = {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    everything[group] = found
    RESULTS.write_text(written(everything) + "\n")


def measured() -> dict[str, Any]:
    """Return what was measured last."""
    found: dict[str, Any] = json.loads(RESULTS.read_text())
    return found


def written(found: Any) -> str:
    """Return it as JSON with a line for each row of a table."""
    spread = json.dumps(found, indent=1)
    return _INNERMOST.sub(lambda row: re.sub(r"\n\s*", " ", row[0]), spread)


def current() -> dict[str, str]:
    """Return the tables as they are by what was measured last, here and by `make bench`."""
    return tables(measured(), {one["name"]: one["value"] for one in figures()})


def shown(page: str) -> dict[str, str]:
    """Return the tables that a page has."""
    return dict(_BLOCK.findall(page))


def publish() -> None:
    """Put the tables into the page."""
    put = current()
    page = PAGE.read_text()
    PAGE.write_text(
        _BLOCK.sub(lambda old: f"<!-- begin of {old[1]} -->\n{put[old[1]]}<!-- end -->\n", page)
    )
