"""A worker that lives through a trouble: the same process before, during and after it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.acceptance.outages import KEYS, order
from tests.eventually import eventually

if TYPE_CHECKING:
    from tests.processes import Process
    from tests.stage import Stage


class Survivor:
    """One worker, and what is said while it lives: each in a conversation of its own."""

    def __init__(self, stage: Stage, **environment: str) -> None:
        self._stage = stage
        self._said: dict[str, str] = {}
        self.worker: Process = stage.start_worker(**environment)

    def say(self, text: str, *, user: str) -> str:
        """Say something that is to be answered in the end."""
        message_id = self._stage.say(text, user=user)
        self._said[message_id] = text
        return message_id

    def begin(self, text: str, *, user: str) -> None:
        """Say something, and wait until its turn runs."""
        begun = len(self.worker.events("turn.begun"))
        self.say(text, user=user)
        eventually(lambda: len(self.worker.events("turn.begun")) > begun)

    def assert_unharmed(self) -> None:
        """All that was said is answered, once, and the worker still stops well."""
        for message_id, text in self._said.items():
            assert self._stage.answer(message_id) == f"You said: {text}"
        eventually(self._nothing_is_under_way)
        answers = {text: len(self._stage.answers(each)) for each, text in self._said.items()}
        assert answers == dict.fromkeys(answers, 1)
        self.worker.send(signal.SIGTERM)
        assert self.worker.ended() == 0

    def _nothing_is_under_way(self) -> bool:
        states = (f"{KEYS.prefix}turns:{state}" for state in ("waking", "running", "deferred"))
        return not any(order(self._stage, f"ZCARD {state}") for state in states)
