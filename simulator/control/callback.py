"""What the user of a callback is shown: the answer's toast and card, or the client's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.gateway.flight import Failure
from simulator.openapi.errors import ApiError
from simulator.world.card_json import copied
from simulator.world.card_rules import check_succession
from simulator.world.cards import rendered

if TYPE_CHECKING:
    from simulator.gateway.flight import Outcome
    from simulator.world.messages import Message
    from simulator.world.world import World

NOT_CONFIGURED: Final = 200340
NOT_IN_TIME: Final = 200341
NOT_REACHED: Final = 200342
NOT_SUCCESSFUL: Final = 200671
BAD_BODY: Final = 200672
BAD_CARD: Final = 200673
TEXTS: Final = {
    NOT_CONFIGURED: "The app has no way to be called back",
    NOT_IN_TIME: "The app did not answer in time",
    NOT_REACHED: "The app could not be reached",
    NOT_SUCCESSFUL: "The app answered with an error",
    BAD_BODY: "The app's answer is malformed",
    BAD_CARD: "The card in the app's answer is invalid",
}
CODES: Final = {
    Failure.NO_ROUTE: NOT_CONFIGURED,
    Failure.TOO_LATE: NOT_IN_TIME,
    Failure.UNREACHABLE: NOT_REACHED,
    Failure.REFUSED: NOT_SUCCESSFUL,
    Failure.MALFORMED: BAD_BODY,
}
"""The client's codes (feishu-cards/card-callback-communication, facts 2.4)."""
TOASTS: Final = frozenset({"info", "success", "error", "warning"})


class ClientError(Exception):
    """What the client shows instead of an answer."""

    def __init__(self, code: int) -> None:
        super().__init__(TEXTS[code])
        self.code = code


def answer_of(outcome: Outcome) -> dict[str, Any]:
    """Return what the app has answered.

    Raises:
        ClientError: it has not, or not in time, or not well.
    """
    if outcome.error is not None:
        raise ClientError(CODES[outcome.failure or Failure.UNREACHABLE])
    return outcome.answer or {}


def toast_of(answer: dict[str, Any]) -> dict[str, Any] | None:
    """Return the toast of an answer, None if there is none.

    Raises:
        ClientError: it is no toast.
    """
    toast = answer.get("toast")
    if toast is None:
        return None
    if not isinstance(toast, dict) or toast.get("type", "info") not in TOASTS:
        raise ClientError(BAD_BODY)
    if not isinstance(toast.get("content", ""), str):
        raise ClientError(BAD_BODY)
    return toast


def update_card(world: World, message: Message, answer: dict[str, Any]) -> None:
    """Show the answer's card from now on, unless the card is streaming (facts 2.4).

    Raises:
        ClientError: it is no card, or none that may follow.
    """
    told = answer.get("card")
    if told is None:
        return
    content = told.get("data") if isinstance(told, dict) and told.get("type") == "raw" else None
    if not isinstance(content, dict) or message.card is None:
        raise ClientError(BAD_CARD)
    if message.card.streaming:
        return
    try:
        check_succession(message.card.content, content)
    except ApiError as error:
        raise ClientError(BAD_CARD) from error
    world.cards.revise(message.card, copied(content))


def shown(
    message: Message | None, toast: dict[str, Any] | None, error: ClientError | None = None
) -> dict[str, object]:
    """Return the JSON of what the user sees after a callback."""
    return {
        "toast": toast,
        "card": rendered(message) if message else None,
        "error": None if error is None else {"code": error.code, "msg": str(error)},
    }
