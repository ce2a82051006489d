"""`python -m benchmarks.scale [GROUP...]`: measure how far it goes, and write scale.json."""

from __future__ import annotations

import argparse
import os
import time
from typing import Final

import uvloop

from benchmarks.scale import apps, backlog, conversations, plot, replicas, results
from benchmarks.scale.sizes import FAST, FULL

GROUPS: Final = {
    "replicas": replicas.measure,
    "conversations": conversations.measure,
    "backlog": backlog.measure,
    "apps": apps.measure,
}


def main() -> None:
    # Where this is set every start compiles all it imports, which no deployment does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("group", nargs="*", choices=[[], *GROUPS], help="all if none is named")
    parser.add_argument("--fast", action="store_true", help="small, and only printed")
    parser.add_argument("--table", action="store_true", help="measure nothing, write the page")
    asked = parser.parse_args()
    for group in [] if asked.table else asked.group or GROUPS:
        begun = time.monotonic()
        print(f"{group}...", flush=True)
        found = uvloop.run(GROUPS[group](FAST if asked.fast else FULL))
        print(f"{group} took {time.monotonic() - begun:.0f} s", flush=True)
        if asked.fast:
            print(results.written(found))
        else:
            results.keep(group, found)
    if not asked.fast:
        print("\n".join(results.current().values()))
        results.publish()
        plot.draw()


if __name__ == "__main__":
    main()
