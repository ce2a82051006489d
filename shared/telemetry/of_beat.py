"""The metrics of a beat."""

from __future__ import annotations

from typing import Final

from shared.telemetry.metric import Level
from shared.telemetry.of_ingress import REDIS_UP

BEATS: Final = Level("beat_beats", "1 in the one that files what is due, 0 in those that stand by")

OF_BEAT: Final = (BEATS, REDIS_UP)
