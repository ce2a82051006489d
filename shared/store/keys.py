"""The keyspace. Every key the bot writes is spelled here and nowhere else.

Everything of one app lies under `larkspur:{<app id>}:`, Celery's own keys included. The braces
keep an app on one cluster slot, and two apps on one Redis out of each other's way.

key                     type   holds
turns                   list   Celery's queue: the wakes that wait for a worker; oldest on the right
turns:waking            zset   conversation -> ms when its wake was pushed
turns:running           zset   conversation -> ms when its lease expires
turns:deferred          zset   conversation -> ms when it is to be woken
turns:leases            hash   conversation -> fence of the lease it is under
turns:attempts          hash   conversation -> turns begun on the mail at its head
turns:fence             int    the last fence given out
turns:woken             int    wakes ever pushed; the next one's id is made of it
mailbox:<conversation>  list   mail awaiting a turn; oldest on the left
history:<conversation>  list   exchanges of the past, oldest on the left; expires
dead-letters            list   mail given up on, oldest on the left
dedup:<day>:<bucket>    set    fingerprints of what was accepted on that day; expires
probe                   string empty; the ingress writes it to learn whether it can; expires

The one invariant: a conversation has mail if and only if it is in exactly one of `waking`,
`running` and `deferred`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.model.ids import AppId, ConversationId


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one app."""

    app_id: AppId

    @property
    def prefix(self) -> str:
        return f"larkspur:{{{self.app_id}}}:"

    @property
    def turns(self) -> str:
        return f"{self.prefix}turns"

    @property
    def waking(self) -> str:
        return f"{self.prefix}turns:waking"

    @property
    def running(self) -> str:
        return f"{self.prefix}turns:running"

    @property
    def deferred(self) -> str:
        return f"{self.prefix}turns:deferred"

    @property
    def leases(self) -> str:
        return f"{self.prefix}turns:leases"

    @property
    def attempts(self) -> str:
        return f"{self.prefix}turns:attempts"

    @property
    def fence(self) -> str:
        return f"{self.prefix}turns:fence"

    @property
    def woken(self) -> str:
        return f"{self.prefix}turns:woken"

    @property
    def dead_letters(self) -> str:
        return f"{self.prefix}dead-letters"

    @property
    def dedup(self) -> str:
        """What a day's number and a bucket's are appended to, by the server's clock."""
        return f"{self.prefix}dedup:"

    @property
    def probe(self) -> str:
        return f"{self.prefix}probe"

    @property
    def mailboxes(self) -> str:
        """What a conversation's name is appended to."""
        return f"{self.prefix}mailbox:"

    def mailbox(self, conversation: ConversationId) -> str:
        return f"{self.mailboxes}{conversation}"

    def history(self, conversation: ConversationId) -> str:
        return f"{self.prefix}history:{conversation}"
