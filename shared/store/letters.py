"""Dead letters as they are shown to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from shared.model.ids import ConversationId, LetterId
from shared.store.entry import entries_of, fields_of, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from shared.store.connection import Store
    from shared.store.entry import Entry
    from shared.store.keys import Keys

_PAGE: Final = 100  # letters that Redis is asked for at once: others wait meanwhile


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. What it does not tell, or cannot be read of it, is None.

    `buried_at` is when it was given up on, in Unix seconds. `mail` counts its entries.
    """

    id: LetterId
    conversation: ConversationId | None
    reason: str | None
    attempts: int | None
    buried_at: float | None
    mail: int


class Letters(NamedTuple):
    """Some dead letters, the time of Redis in Unix seconds, and how many there are in all."""

    letters: list[Letter]
    now: float
    total: int


class Opened(NamedTuple):
    """A dead letter, the first entries of its mail, and the time of Redis in Unix seconds."""

    letter: Letter
    entries: Sequence[Entry]
    now: float


async def page(
    store: Store, keys: Keys, *, after: int, at_most: int, newest_first: bool = True
) -> Letters:
    """Pass over so many dead letters, and return so many of the next.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    now, total, *shown = await store.run(
        "letters",
        [keys.dead_letters, keys.dead_letter(LetterId(""))],
        [after, at_most, int(newest_first)],
    )
    return Letters([_letter(*one) for one in shown], now / 1000, total)


async def newest(
    store: Store, keys: Keys, *, at_most: int, conversation: ConversationId | None = None
) -> Letters:
    """Return the newest dead letters, of one conversation or of all, the newest last.

    They are read page by page. The total is that of all conversations.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    found: dict[LetterId, Letter] = {}
    after, now, total = 0, 0.0, 1
    while after < total and len(found) < at_most:
        some, now, total = await page(store, keys, after=after, at_most=_PAGE)
        for letter in some:
            if conversation in (None, letter.conversation):
                found.setdefault(letter.id, letter)
        after += _PAGE
    return Letters([*found.values()][:at_most][::-1], now, total)


async def every(store: Store, keys: Keys) -> AsyncIterator[Letter]:
    """Yield every dead letter that is there now, the oldest first, and each once.

    Who asks may remove it. One that comes meanwhile is left out, were it mail that was replayed
    and is given up on again.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    last = (await page(store, keys, after=0, at_most=1)).letters
    until = last[0].buried_at if last else None
    seen: set[LetterId] = set()
    kept = 0
    while until is not None:
        found = await page(store, keys, after=kept, at_most=_PAGE, newest_first=False)
        there = [one for one in found.letters if (one.buried_at or 0.0) <= until]
        if not there:
            return
        for letter in there:
            if letter.id in seen:  # it was not removed
                kept += 1
            else:
                seen.add(letter.id)
                yield letter


async def opened(
    store: Store, keys: Keys, letter: LetterId, *, at_most: int, content: bool
) -> Opened | None:
    """Open a dead letter, or return None if there is no such one.

    Raises:
        StoreUnavailable: Redis did not answer.
    """
    shown = await store.run(
        "letter",
        [keys.dead_letters, keys.dead_letter(letter)],
        [letter, at_most, int(content)],
    )
    if shown is None:
        return None
    now, buried, head, mail, entries = shown
    return Opened(_letter(letter.encode(), buried, head, mail), entries_of(entries), now / 1000)


def _letter(name: bytes, buried: bytes | None, head: bytes | None, mail: int) -> Letter:
    fields: dict[str, Any] = fields_of(head)
    conversation, attempts = text_of(fields.get("conversation")), fields.get("attempts")
    return Letter(
        id=LetterId(name.decode(errors="backslashreplace")),
        conversation=None if conversation is None else ConversationId(conversation),
        reason=text_of(fields.get("reason")),
        attempts=attempts if isinstance(attempts, int) else None,
        buried_at=None if buried is None else float(buried) / 1000,
        mail=mail,
    )
