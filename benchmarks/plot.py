"""`accept.png`: what was measured last, at a glance."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, NullFormatter

from benchmarks.accept import BURST, CELERY, NOTHING, ONE, STORED
from benchmarks.growth import CHUNK, CONVERSATIONS, RATE, REMEMBERED, RESIDENT
from benchmarks.results import figures
from benchmarks.steady import SECONDS, STEADY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

PICTURE: Final = Path(__file__).with_name("accept.png")

_OURS: Final = "#5546b5"  # larkspur
_THEIRS: Final = "#bdbac9"
_INK: Final = "#2b2a33"
_FAINT: Final = "#85828f"
_CLIENTS: Final = ("ingress", "official client\nstores nothing", "official client\nSET NX + Celery")

Found = dict[tuple[str, str], dict[str, Any]]


def draw() -> None:
    """Draw the results, whenever they were measured."""
    found = {(figure["name"], figure["beside"]): figure for figure in figures()}
    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
    picture = Figure(figsize=(14, 6.6), facecolor="white", layout=layout)
    (rate, one, burst), (steady, memory, growth) = picture.subplots(2, 3)
    _clients(rate, found, STORED, "Events acked per second", more="longer is better")
    _clients(one, found, ONE, "One at a time: median ack, ms", more="shorter is better")
    _clients(burst, found, BURST, "1,000 at once: last ack, ms", more="shorter is better")
    _steady(steady, found[STEADY, "PING of Redis, p99"])
    _memory(memory, found[RESIDENT, ""]["raw"])
    _growth(growth, found)
    picture.savefig(PICTURE, dpi=110, metadata={"Software": None})


def _clients(axes: Axes, found: Found, name: str, title: str, *, more: str) -> None:
    """Draw the ingress and both official clients on a scale of powers of ten."""
    nothing, celery = found[name, NOTHING], found[name, CELERY]
    values = [nothing["value"], nothing["baseline"], celery["baseline"]]
    notes = [""] + [f"   (ingress: {beside['ratio']:.2g} x)" for beside in (nothing, celery)]
    axes.barh(_CLIENTS, values, color=[_OURS, _THEIRS, _THEIRS], height=0.6)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(10 ** math.floor(math.log10(min(values) / 2)), max(values) * 15)
    for place, (value, note) in enumerate(zip(values, notes, strict=True)):
        _label(axes, f"  {_short(value)}{note}", (value, place))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    _dress(axes, title, f"log scale, {more}")


def _steady(axes: Axes, figure: dict[str, Any]) -> None:
    """Draw how slow the slowest hundredth was, sixth by sixth of a minute."""
    size = SECONDS / len(figure["raw"])
    middles = [size * (place + 0.5) for place in range(len(figure["raw"]))]
    axes.plot(middles, figure["raw"], "o-", color=_OURS, linewidth=2, label="ack of the ingress")
    axes.plot(
        middles, figure["baseline_raw"], "o-", color=_THEIRS, linewidth=2, label="PING of its Redis"
    )
    axes.set_yscale("log")
    axes.set_xlim(0, SECONDS)
    axes.set_ylim(min(figure["baseline_raw"]) / 2, max(figure["raw"]) * 4)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.legend(frameon=False, labelcolor=_INK, fontsize=9, loc="upper left", ncols=2)
    _dress(axes, "1,000 events/s: p99 of each 10 s, ms", "seconds; the other scale is logarithmic")


def _memory(axes: Axes, megabytes: Sequence[float]) -> None:
    events = [place * CHUNK / 1000 for place in range(len(megabytes))]
    axes.plot(events, megabytes, "o-", color=_OURS, linewidth=2)
    axes.set_ylim(0, 110)
    axes.set_xlim(0, events[-1] * 1.03)
    axes.axhline(100, color=_FAINT, linewidth=1, linestyle=":")
    _label(axes, "goal: at most 100 ", (events[-1], 103), ha="right")
    _dress(axes, "Memory of the ingress, MB", "thousand events accepted")


def _growth(axes: Axes, found: Found) -> None:
    places = [*CONVERSATIONS, REMEMBERED]
    rates = [found[RATE + place, ""]["value"] for place in places]
    names = [place.replace(" in the", "\nin the") for place in places]
    axes.barh(names, rates, color=_OURS, height=0.6)
    axes.invert_yaxis()
    axes.set_xlim(0, max(rates) * 1.3)
    for place, rate in enumerate(rates):
        _label(axes, f"  {_short(rate)}", (rate, place))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    _dress(axes, "Events per second as things grow", "longer is better")


def _dress(axes: Axes, title: str, below: str) -> None:
    axes.set_title(title, loc="left", fontsize=11, color=_INK, pad=10, weight="bold")
    axes.set_xlabel(below, color=_FAINT, fontsize=9)
    axes.tick_params(colors=_INK, labelsize=9, length=0, which="both")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_THEIRS)


def _label(axes: Axes, text: str, point: tuple[float, float], *, ha: str = "left") -> None:
    axes.annotate(text, point, va="center", ha=ha, color=_INK, fontsize=10)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004
