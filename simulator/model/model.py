"""The model's rooms, wired together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.model.bad_days import BadDays
from simulator.model.completions import Completions
from simulator.model.messages import Messages
from simulator.model.mind import Mind
from simulator.model.pace import Pace
from simulator.model.settings import Settings

if TYPE_CHECKING:
    from simulator.faults.faults import Faults
    from simulator.options import Options


class Model:
    """One mind behind two APIs."""

    def __init__(self, options: Options, faults: Faults) -> None:
        mind = Mind(Pace(options.first_token_delay, options.tokens_per_second))
        bad_days = BadDays(faults)
        self.rooms = (Completions(mind, bad_days), Messages(mind, bad_days), Settings(mind))
