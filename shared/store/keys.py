"""The keyspace. Every key the bot writes is spelled here and nowhere else.

Everything of one app lies under `larkspur:{<app id>}:`, Celery's own keys included. The braces
keep an app on one cluster slot, and two apps on one Redis out of each other's way.

key                     type   holds
<queue>                 list   Celery's queue: the wakes that wait for a worker; oldest on the right
<queue>:waking          zset   conversation -> ms when its wake was pushed
<queue>:running         zset   conversation -> ms when its lease expires
<queue>:deferred        zset   conversation -> ms when it is to be woken
<queue>:leases          hash   conversation -> fence of the lease it is under
<queue>:attempts        hash   conversation -> turns begun on the mail at its head
<queue>:taken           hash   conversation -> how much of its mail these turns are about
<queue>:stops           hash   conversation -> fence of the turn that is to stop
<queue>:answering       hash   conversation -> the message its turn answers
<queue>:told            hash   conversation -> ms when its users were told that they wait
format                  int    the newest keyspace any release has written here
fence                   int    the last fence given out; no less than the us when that was
woken                   int    wakes ever pushed; the next one's id is made of it
mailbox:<conversation>  list   mail awaiting a turn; oldest on the left
draft:<question>        hash   card, message, answer of a reply under way, and its generation: how
                               many turns have taken it over; expires
history:<of>            list   exchanges of the past, oldest on the left; expires. `of` is a chat, a
                               conversation, or one of these and a user
choice:<chat>           string the model that a chat has chosen; expires
decisions:<question>    hash   `asker` -> who may decide; an ask -> `allow` or `deny`; expires
sent:<idempotency key>  string the message that was sent under it; expires
picture:<digest>        string the key under which a picture was uploaded; expires
recalled:<message>      string it was taken back; expires
greeted:<open_id>       string the message by which the bot greeted them, for good
dead-letters            zset   id of a dead letter -> ms when it was given up on
dead-letter:<id>        hash   head: JSON about its end; mail:<n>: the mailbox entries, from 1
token                   string the tenant access token; expires with it
fetching                string somebody fetches a token; expires
limit:<bucket>          list   ms when the last calls of a kind were made, newest first; expires
pause:<bucket>          string no call of this kind until it expires
paced:<bucket>          string us when the next revision may be made, rate of the last; expires
calls:<month>           int    calls that count against the month's quota; expires
account:<day>:<whose>   hash   <kind>:<model> -> tokens read or written, price; expires
counted:<turn>          string what it took is in the accounts; expires
ruling:<message>        string whether its user wrote too many; expires
told:<what>:<whom>      string the message in answer to which it was said; expires
departments:<user>      string ids, a space between; expires
dedup:<day>:<bucket>    set    fingerprints of what was accepted on that day; expires
beat                    string the beat whose turn it is; expires
schedules               hash   schedule -> s when it was last run
probe                   string empty; the ingress writes it to learn whether it can; expires

A <queue> is `turns` or `events`; the name of a conversation tells which is its own.

The one invariant: a conversation has mail if and only if it is in exactly one of `waking`,
`running` and `deferred` of its queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.model.queue import queue_of

if TYPE_CHECKING:
    from shared.model.ids import (
        AppId,
        ChatId,
        ConversationId,
        HistoryId,
        LetterId,
        MessageId,
        OpenId,
    )
    from shared.model.queue import Queue


@dataclass(frozen=True, slots=True)
class QueueKeys:
    """The keys of one queue. `wakes` is Celery's."""

    name: Queue
    wakes: str

    @property
    def waking(self) -> str:
        return f"{self.wakes}:waking"

    @property
    def running(self) -> str:
        return f"{self.wakes}:running"

    @property
    def deferred(self) -> str:
        return f"{self.wakes}:deferred"

    @property
    def leases(self) -> str:
        return f"{self.wakes}:leases"

    @property
    def attempts(self) -> str:
        return f"{self.wakes}:attempts"

    @property
    def taken(self) -> str:
        return f"{self.wakes}:taken"

    @property
    def stops(self) -> str:
        return f"{self.wakes}:stops"

    @property
    def answering(self) -> str:
        return f"{self.wakes}:answering"

    @property
    def told(self) -> str:
        return f"{self.wakes}:told"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one app."""

    app_id: AppId

    @property
    def prefix(self) -> str:
        return f"larkspur:{{{self.app_id}}}:"

    def queue(self, name: Queue) -> QueueKeys:
        return QueueKeys(name, f"{self.prefix}{name}")

    def queue_of(self, conversation: ConversationId) -> QueueKeys:
        return self.queue(queue_of(conversation))

    @property
    def format(self) -> str:
        return f"{self.prefix}format"

    @property
    def fence(self) -> str:
        return f"{self.prefix}fence"

    @property
    def woken(self) -> str:
        return f"{self.prefix}woken"

    @property
    def mailboxes(self) -> str:
        """What a conversation's name is appended to."""
        return f"{self.prefix}mailbox:"

    def mailbox(self, conversation: ConversationId) -> str:
        return f"{self.mailboxes}{conversation}"

    @property
    def drafts(self) -> str:
        """What a question's id is appended to."""
        return f"{self.prefix}draft:"

    def draft(self, question: MessageId) -> str:
        return f"{self.drafts}{question}"

    def history(self, of: HistoryId | ConversationId) -> str:
        return f"{self.prefix}history:{of}"

    def choice(self, chat: ChatId) -> str:
        return f"{self.prefix}choice:{chat}"

    def decisions(self, question: MessageId) -> str:
        return f"{self.prefix}decisions:{question}"

    def sent(self, key: str) -> str:
        return f"{self.prefix}sent:{key}"

    @property
    def pictures(self) -> str:
        """What the digest of a picture is appended to."""
        return f"{self.prefix}picture:"

    @property
    def recalled(self) -> str:
        """What a message's id is appended to."""
        return f"{self.prefix}recalled:"

    def greeted(self, user: str) -> str:
        return f"{self.prefix}greeted:{user}"

    @property
    def dead_letters(self) -> str:
        return f"{self.prefix}dead-letters"

    def dead_letter(self, letter: LetterId) -> str:
        return f"{self.prefix}dead-letter:{letter}"

    @property
    def dedup(self) -> str:
        """What a day's number and a bucket's are appended to, by the server's clock."""
        return f"{self.prefix}dedup:"

    @property
    def token(self) -> str:
        return f"{self.prefix}token"

    @property
    def fetching(self) -> str:
        return f"{self.prefix}fetching"

    @property
    def limits(self) -> str:
        """What a bucket's name is appended to."""
        return f"{self.prefix}limit:"

    @property
    def pauses(self) -> str:
        """What a bucket's name is appended to."""
        return f"{self.prefix}pause:"

    def paced(self, bucket: str) -> str:
        return f"{self.prefix}paced:{bucket}"

    def calls(self, month: str) -> str:
        return f"{self.prefix}calls:{month}"

    @property
    def accounts(self) -> str:
        """What a day and the name of an account are appended to."""
        return f"{self.prefix}account:"

    def counted(self, turn: str) -> str:
        return f"{self.prefix}counted:{turn}"

    def ruling(self, message: str) -> str:
        return f"{self.prefix}ruling:{message}"

    def told(self, what: str, whom: str) -> str:
        return f"{self.prefix}told:{what}:{whom}"

    def departments(self, user: OpenId) -> str:
        return f"{self.prefix}departments:{user}"

    @property
    def beat(self) -> str:
        return f"{self.prefix}beat"

    @property
    def schedules(self) -> str:
        return f"{self.prefix}schedules"

    @property
    def probe(self) -> str:
        return f"{self.prefix}probe"
