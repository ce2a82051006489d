"""The forms that answers may have, the best first, and which of them this app cannot use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

import structlog

if TYPE_CHECKING:
    from shared.errors import LarkspurError

Form = Literal["card", "patched", "post", "text"]

FORMS: Final[tuple[Form, ...]] = ("card", "patched", "post", "text")
"""A card of cardkit, one that its message holds, a rich text, a plain one."""

_FOR_A_WHILE: Final = 600.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Forms:
    """From the form that the settings name down to text, which every platform takes."""

    def __init__(self, best: Form = "card") -> None:
        self._forms = FORMS[FORMS.index(best) :]
        self._refused: dict[Form, float] = {}

    def of(self, *forms: Form) -> list[Form]:
        """Return which of these may be tried, the best first."""
        now = time.monotonic()
        return [
            form for form in self._forms if form in forms and self._refused.get(form, 0.0) <= now
        ]

    def refuse(self, form: Form, why: LarkspurError) -> None:
        """Remember for a while that the platform does not take a form, and say once why."""
        log.warning("form.refused", form=form, for_seconds=_FOR_A_WHILE, reason=str(why))
        self._refused[form] = time.monotonic() + _FOR_A_WHILE
