"""`python -m benchmarks [GROUP...]`: measure everything, or some groups, and write the results."""

from __future__ import annotations

import argparse

from benchmarks import accept, growth, ingress_start, plot, simulator_load, steady
from benchmarks.results import publish

GROUPS = {
    "accept": accept.measure,
    "steady": steady.measure,
    "growth": growth.measure,
    "start": ingress_start.measure,
    "simulator": simulator_load.measure,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("group", nargs="*", choices=[[], *GROUPS], help="all if none is named")
    chosen = parser.parse_args().group or GROUPS
    publish({group: GROUPS[group]() for group in chosen}, order=[*GROUPS])
    plot.draw()
