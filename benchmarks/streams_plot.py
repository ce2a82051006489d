"""`streams.png`: how smoothly 200 answers grew at once, as the last measurement saw it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.streams import ANSWERS, PER_SECOND, watched_last

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from benchmarks.streams import Watched

PICTURE: Final = Path(__file__).with_name("streams.png")

_OURS: Final = "#5546b5"
_END: Final = "#d2691e"
_FAINT: Final = "#bdbac9"


def draw() -> None:
    """Draw every revision, the gaps between them, and the calls a second."""
    watched = watched_last()
    layout = ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.15)
    picture = Figure(figsize=(14, 7), facecolor="white", layout=layout)
    grid = picture.add_gridspec(2, 2, width_ratios=[3, 2])
    _cards(picture.add_subplot(grid[:, 0]), watched)
    _gaps(picture.add_subplot(grid[0, 1]), watched)
    _rate(picture.add_subplot(grid[1, 1]), watched)
    picture.savefig(PICTURE, dpi=110, metadata={"Software": None})


def _cards(axes: Axes, watched: Watched) -> None:
    order = sorted(watched.revisions, key=lambda card: watched.revisions[card][0])
    for place, card in enumerate(order):
        times = watched.revisions[card]
        axes.plot(times, [place] * len(times), ".", color=_OURS, markersize=3)
        axes.plot(watched.written[card], place, "|", color=_FAINT, markersize=5)
        axes.plot(watched.ends[card], place, "|", color=_END, markersize=5)
    axes.set_title(f"{ANSWERS} answers: revisions, and their ends (orange)", loc="left")
    axes.set_xlabel("seconds")
    axes.set_ylabel("card")


def _gaps(axes: Axes, watched: Watched) -> None:
    axes.hist(watched.gaps, bins=60, color=_OURS)
    axes.set_title("Seconds between two revisions of a card", loc="left")


def _rate(axes: Axes, watched: Watched) -> None:
    revisions = [at for times in watched.revisions.values() for at in times]
    for times, colour, name in (
        (revisions, _OURS, "revisions"),
        (list(watched.ends.values()), _END, "ends"),
    ):
        counted = Counter(int(at) for at in times)
        seconds = range(min(counted), max(counted) + 1)
        axes.step(seconds, [counted[each] for each in seconds], where="post", color=colour)
        axes.annotate(name, (max(counted), counted[max(counted)]), color=colour)
    axes.axhline(PER_SECOND, color=_FAINT, linestyle="--")
    axes.set_title(f"Calls a second of an API; the limit is {PER_SECOND}", loc="left")
    axes.set_xlabel("seconds")
