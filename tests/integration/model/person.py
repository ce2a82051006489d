"""A person who looks after the conversations meanwhile, and the machine with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shared.store.conversations import Conversations
from shared.store.scripts import SOURCES
from tests.integration.model.machine import KEYS, Machine, conversations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.ids import ConversationId


class Attended(Machine):
    """The machine, where a person may release any conversation, and drop any dead letter."""

    @rule(name=conversations)
    def evict(self, name: ConversationId) -> None:
        page = self._page(name)
        was = {"waking": "waiting", "": None}.get(page.state, page.state)

        assert self.run(Conversations(self.store, KEYS).release(name)) == was

        page.evict()

    @precondition(lambda self: self.buried)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(sorted(self.buried)))
        del self.buried[letter]

        assert self.run(self.letters.drop(letter))
        assert not self.run(self.letters.drop(letter))
        assert self.run(self.letters.replay(letter)) == 0


def machine(url: str, scripts: Mapping[str, str] = SOURCES) -> Any:
    """Return the machine for the Redis at `url`, with other scripts if that is the question."""
    return type("Attended", (Attended,), {"url": url, "scripts": scripts})
