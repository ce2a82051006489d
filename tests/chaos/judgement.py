"""What became of all that was said: each answered once, and in order, or not. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TAG: Final = re.compile(r"c\d{3}m\d{5}")


def tag(conversation: int, number: int) -> str:
    """A text that is said once in the world, and found again in the answer to it."""
    return f"c{conversation:03}m{number:05}"


def tags_in(text: str) -> list[str]:
    return _TAG.findall(text)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Tags of messages by what is wrong with their answers; all empty if nothing is."""

    sent: int
    answered: int
    doubled: Sequence[str]
    reordered: Sequence[str]
    lost: Sequence[str]
    unfinished: Sequence[str]
    """Ids of the bot's messages that still look as if they were being written."""

    @property
    def wrong(self) -> list[str]:
        return [*self.doubled, *self.reordered, *self.lost, *self.unfinished]


def judge(said: Mapping[int, Sequence[str]], messages: Iterable[dict[str, Any]]) -> Judgement:
    """Compare what was said in each conversation with all that the bot shows, oldest first."""
    bots = [one for one in messages if one["sender"]["kind"] == "app"]
    shown = [each for one in bots for each in tags_in(one["text"])]
    counted = Counter(shown)
    sent = [each for texts in said.values() for each in texts]
    reordered = []
    for texts in said.values():
        place = {each: number for number, each in enumerate(texts)}
        latest = -1
        for each in dict.fromkeys(shown):
            if each in place:
                if place[each] < latest:
                    reordered.append(each)
                latest = max(latest, place[each])
    return Judgement(
        sent=len(sent),
        answered=sum(each in counted for each in sent),
        doubled=[each for each, count in counted.items() if count > 1],
        reordered=reordered,
        lost=[each for each in sent if each not in counted],
        unfinished=[one["message_id"] for one in bots if not one["final"]],
    )


@dataclass(frozen=True, slots=True)
class Struck:
    """A worker that was killed or frozen at a moment, in Unix seconds; `told` are its log lines."""

    moment: float
    told: Sequence[dict[str, Any]]


@dataclass
class Rescues:
    """How long conversations stood still whose worker was struck, in seconds."""

    seconds: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max(self.seconds, default=0.0)


_ENDS: Final = frozenset(
    {
        *("turn.replied", "turn.ignored", "turn.deferred", "turn.abandoned", "turn.released"),
        *("turn.unsettled", "turn.not_released", "lease.lost"),
    }
)


def rescues(
    struck: Iterable[Struck],
    told_by_all: Iterable[dict[str, Any]],
    *,
    outages: Sequence[tuple[float, float]],
) -> Rescues:
    """Find out when each turn of a struck worker ran again; outages of Redis do not count."""
    begun = sorted(
        (at(line), line["conversation"]) for line in told_by_all if line["event"] == "turn.begun"
    )
    found = Rescues()
    for one in struck:
        for conversation in _open(one):
            again = next((t for t, name in begun if t > one.moment and name == conversation), None)
            if again is not None and not any(a < again and one.moment < b for a, b in outages):
                found.seconds.append(again - one.moment)
    return found


def _open(struck: Struck) -> list[str]:
    """Return the conversations whose turns ran when a worker was struck."""
    running: dict[int, str] = {}
    for line in struck.told:
        if at(line) <= struck.moment:
            if line["event"] == "turn.begun":
                running[line["fence"]] = line["conversation"]
            elif line["event"] in _ENDS:
                running.pop(line.get("fence", 0), None)
    return [*running.values()]


def at(line: Mapping[str, Any]) -> float:
    """Return when a line was written, in Unix seconds."""
    return datetime.fromisoformat(line["timestamp"]).timestamp()
