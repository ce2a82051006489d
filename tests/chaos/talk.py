"""Users talking in many conversations, who wait with a thing until the last one was taken."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from tests.chaos.judgement import tag

if TYPE_CHECKING:
    import threading
    from random import Random

    from tests.stage import Stage

USERS: Final = ("alice", "bob", "carol")


class Talk:
    """Says texts that are found again in their answers. `said` holds them by conversation.

    The first conversations are the users' chats themselves, the others threads of these. Order is
    promised for what was taken in order, and only an ack tells that something was.
    """

    def __init__(self, stage: Stage, chance: Random, conversations: int) -> None:
        self._stage = stage
        self._chance = chance
        self.said: dict[int, list[str]] = {number: [] for number in range(conversations)}
        self.count = 0
        self._last: dict[int, str] = {}
        self._threads: dict[int, str] = {}

    def run(self, messages: int, seconds: float, over: threading.Event) -> None:
        """Say so many things, spread over so many seconds."""
        begun = time.monotonic()
        while self.count < messages and not over.is_set():
            due = begun + seconds * self.count / messages
            if over.wait(max(0.0, due - time.monotonic())):
                return
            number = self._chance.randrange(len(self.said))
            if self._is_taken(number):
                self._say(number)
            else:
                over.wait(0.01)

    def _say(self, number: int) -> None:
        text = tag(number, len(self.said[number]))
        asked: dict[str, Any] = {"user": USERS[number % len(USERS)], "chat": "p2p", "text": text}
        if number >= len(USERS):
            asked["thread"] = self._threads.get(number, "new")
        message_id = str(self._stage.post("/_sim/messages", asked)["message_id"])
        if asked.get("thread") == "new":
            self._threads[number] = self._thread_of(message_id)
        self._last[number] = message_id
        self.said[number].append(text)
        self.count += 1

    def _is_taken(self, number: int) -> bool:
        last = self._last.get(number)
        if last is None:
            return True
        return any(one["ack_code"] == 200 for one in self._stage.deliveries(last))

    def _thread_of(self, message_id: str) -> str:
        newest = self._stage.get("/_sim/messages?limit=20")
        return next(str(one["thread_id"]) for one in newest if one["message_id"] == message_id)
