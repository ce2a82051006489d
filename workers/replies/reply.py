"""The ports around a reply: what writes it, and what remembers that it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared.model.ask import Ask
    from shared.model.ids import LetterId, MessageId
    from shared.model.progress import Progress


class Reply(Protocol):
    """One answer on its way to the user.

    All but `revise` and `aclose` raise FeishuUnavailable, FeishuRateLimited or FeishuRejected, and
    what `Sent` and the keeper of the draft raise. After `finish`, `stop` or `fail` it is over.
    """

    async def open(self) -> None:
        """Show that an answer is under way, where the form of the reply can show it."""

    async def wait(self, ahead: int, /) -> None:
        """Show that the question waits behind `ahead` others, where that can be shown.

        Raises:
            LeaseLost: a worker writes this reply by now.
        """

    def revise(self, progress: Progress, /) -> None:
        """Take the answer as it stands, all of it. Returns at once; only the newest counts.

        Raises:
            LeaseLost: another worker writes this reply.
        """

    async def finish(self, progress: Progress, /) -> MessageId:
        """Show the whole answer, opened before or not; return the (first) message that does.

        Raises:
            LeaseLost: another worker writes this reply.
        """

    async def stop(self, word: str, /) -> None:
        """End with what was written so far, and with `word` on why.

        Raises:
            LeaseLost: another worker writes this reply.
        """

    async def ask(self, progress: Progress, asks: Sequence[Ask], /) -> None:
        """Show what is to be allowed before the answer goes on; the reply is over for this turn.

        Raises:
            LeaseLost: another worker writes this reply.
        """

    async def fail(self, letter: LetterId, /) -> None:
        """End with an apology, and the offer to try the dead letter again where that can be shown.

        Raises:
            LeaseLost: another worker writes this reply.
        """

    async def aclose(self) -> None:
        """Send nothing more. To be called at the end in any case; `contextlib.aclosing` does."""


class Sent(Protocol):
    """What was sent before, by whichever worker."""

    async def once(self, key: str, send: Callable[[], Awaitable[MessageId]], /) -> MessageId:
        """Return what was sent under `key`, which is the `uuid` of the send; else send it now.

        Raises:
            LeaseLost: it is not for this worker to send.
            StoreUnavailable: nothing is known.
        """
