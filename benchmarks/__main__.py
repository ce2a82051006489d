"""`python -m benchmarks [GROUP...]`: measure everything, or some groups, and write the results."""

from __future__ import annotations

import argparse
import os
import time

from benchmarks import (
    accept,
    calls,
    engine,
    growth,
    ingress_start,
    plot,
    rescue,
    simulator_load,
    steady,
    streams,
    streams_plot,
    turns,
)
from benchmarks.results import figures, publish, table
from benchmarks.scale import results as scale

GROUPS = {
    "accept": accept.measure,
    "steady": steady.measure,
    "growth": growth.measure,
    "start": ingress_start.measure,
    "engine": engine.measure,
    "turns": turns.measure,
    "rescue": rescue.measure,
    "calls": calls.measure,
    "streams": streams.measure,
    "simulator": simulator_load.measure,
}

if __name__ == "__main__":
    # Where this is set every start compiles all it imports, which no deployment does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("group", nargs="*", choices=[[], *GROUPS], help="all if none is named")
    for group in parser.parse_args().group or GROUPS:
        begun = time.monotonic()
        print(f"{group}...", flush=True)
        publish(group, GROUPS[group](), order=[*GROUPS])
        print(f"{group} took {time.monotonic() - begun:.0f} s", flush=True)
    print(f"\n{table(figures())}")
    plot.draw()
    streams_plot.draw()
    scale.publish()
