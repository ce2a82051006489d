"""One card: its JSON as last revised, and what cardkit must remember of it."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from simulator.ids import CardId, fresh_card_id
from simulator.world.card_json import is_streaming

if TYPE_CHECKING:
    from simulator.ids import AppId
    from simulator.world.card_json import CardJson
    from simulator.world.messages import Message

UUIDS_KEPT: Final = 1_000


@dataclass(slots=True, eq=False)
class Card:
    """A new one has one revision. `created_at` and `streaming_ends_at` are on the world's clock.

    `message` is the one that shows it, None until it is sent.
    """

    app_id: AppId
    content: CardJson
    created_at: float
    card_id: CardId = field(default_factory=fresh_card_id)
    message: Message | None = None
    revisions: int = 1
    updated_at: float = field(default_factory=time.time)
    sequence: int = 0
    uuids: OrderedDict[str, None] = field(default_factory=OrderedDict)
    streaming_ends_at: float | None = None
    timed_out: bool = False
    timer_runs: bool = False

    @property
    def streaming(self) -> bool:
        return is_streaming(self.content)

    def remember(self, sequence: int, uuid: str | None) -> None:
        """Note an accepted operation; of the uuids only the newest are kept."""
        self.sequence = sequence
        if uuid is not None:
            self.uuids[uuid] = None
            if len(self.uuids) > UUIDS_KEPT:
                self.uuids.popitem(last=False)
