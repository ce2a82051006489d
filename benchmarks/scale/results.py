"""Where it goes: `scale.json`, the picture beside it, and the tables of docs/scaling.md."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parents[1] / "scale.json"
PAGE: Final = Path(__file__).parents[2] / "docs" / "scaling.md"


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
    return json.dumps(found, indent=1)
