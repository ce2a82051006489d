"""`python -m benchmarks`: measure everything and write the results."""

from __future__ import annotations

from benchmarks import ingress_start, simulator_load
from benchmarks.figure import publish

publish([*ingress_start.measure(), *simulator_load.measure()])
