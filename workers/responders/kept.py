"""What a responder came to, written down before the user sees it: it is not paid for twice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from shared.model.ask import Ask
from shared.model.progress import Progress
from shared.model.usage import Usage
from workers.responders.responder import Answer, Pause


def to_bytes(reached: Answer | Pause) -> bytes:
    """Write it down, for a turn that goes on with it: a line of JSON, then bytes as they are."""
    head: dict[str, Any] = {
        "progress": asdict(reached.progress),
        "usage": [asdict(each) for each in reached.usage],
    }
    if isinstance(reached, Pause):
        head["asks"] = [asdict(each) for each in reached.asks]
        head |= {"since": reached.since, "shown": reached.shown}
        return orjson.dumps(head) + b"\n" + reached.kept
    return orjson.dumps(head) + b"\n" + reached.exchange


def from_bytes(written: bytes) -> Answer | Pause:
    """Read it again, whichever release wrote it."""
    first, _, rest = written.partition(b"\n")
    head = orjson.loads(first)
    if isinstance(head, str):  # an earlier release kept the text alone
        return Answer(Progress(head), rest)
    if "progress" not in head:  # or the progress alone
        return Answer(_progress(head), rest)
    progress = _progress(head["progress"])
    usage = tuple(Usage(**each) for each in head["usage"])
    if "asks" in head:
        asks = tuple(Ask(**each) for each in head["asks"])
        return Pause(progress, asks, rest, usage, head["since"], head["shown"])
    return Answer(progress, rest, usage)


def _progress(kept: dict[str, Any]) -> Progress:
    return Progress(**{**kept, "steps": tuple(kept["steps"])})
