"""One conversation on the command line: in words, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.entries import entries_document, entries_table
from cli.terminal import age, count, fields, moment, utc
from shared.store.conversations import STATES

if TYPE_CHECKING:
    from shared.model.ids import ConversationId
    from shared.store.conversations import State
    from shared.store.inspection import Inspected, Kept

_TIMES: Final = {
    "running": "lease_expires_at",
    "waiting": "waiting_since",
    "deferred": "due_at",
}


def times_of(state: State | None, at: float | None) -> dict[str, str | None]:
    """Return the time that goes with a state under its name in JSON; the others are null."""
    return {_TIMES[each]: utc(at) if each == state else None for each in STATES}


def remark(state: State, at: float, now: float) -> str:
    """Say what the time that goes with a state means just now."""
    ahead = at - now
    match state:
        case "running":
            return (
                f"lease for {age(ahead)} more" if ahead > 0 else f"LEASE EXPIRED {age(-ahead)} ago"
            )
        case "deferred":
            return f"again in {age(ahead)}" if ahead > 0 else f"due for {age(-ahead)}"
        case "waiting":
            return f"for {age(max(0.0, -ahead))}"


def conversation_text(name: ConversationId, found: Inspected) -> str:
    """Show all that is kept of it."""
    state = "no mail waits"
    if found.state is not None and found.at is not None:
        state = f"{found.state}, {remark(found.state, found.at, found.now)}"
    told = None if found.told_at is None else f"{age(found.now - found.told_at)} ago"
    lines = {
        "conversation": name,
        "queue": found.queue,
        "state": state,
        "fence": found.fence,
        "lease until": moment(found.at) if found.state == "running" else None,
        "attempts": found.attempts,
        "stop asked": "yes" if found.stopping else "no",
        "answering": found.question,
        "draft": None if found.draft is None else _draft_text(found.draft),
        "position told": told,
        "history": count(found.exchanges, "exchange"),
        "mail": _mail_text(found),
    }
    parts = [fields(lines)]
    if found.entries:
        parts += ["", entries_table(found.entries, now=found.now)]
    if found.mail is not None and found.mail > len(found.entries):
        parts += ["", f"{len(found.entries)} of {found.mail}; --limit shows more"]
    return "\n".join(parts)


def conversation_document(name: ConversationId, found: Inspected) -> dict[str, object]:
    """Return the same for JSON."""
    return {
        "conversation": name,
        "queue": found.queue,
        "state": found.state,
        **times_of(found.state, found.at),
        "fence": found.fence,
        "attempts": found.attempts,
        "stop_asked": found.stopping,
        "answering": found.question,
        "draft": None if found.draft is None else _draft_document(found.draft),
        "told_at": utc(found.told_at),
        "history": found.exchanges,
        "mail": found.mail,
        "taken": found.taken,
        "entries": entries_document(found.entries, now=found.now),
    }


def _mail_text(found: Inspected) -> str:
    if found.mail is None:
        return "its mailbox is no list: what lies there is not of Larkspur"
    taken = f" ({found.taken} taken by its turn)" if found.taken else ""
    return f"{found.mail}{taken}"


def _draft_text(draft: Kept) -> str:
    answer = f"answer kept ({draft.answer_size} bytes)" if draft.answer_size else "no answer yet"
    return (
        f"card {draft.card or 'none'}, message {draft.message or 'none'},"
        f" generation {draft.generation}, {answer}"
    )


def _draft_document(draft: Kept) -> dict[str, object]:
    return {
        "question": draft.question,
        "card": draft.card,
        "message": draft.message,
        "generation": draft.generation,
        "answer_kept": draft.answer_size > 0,
    }
