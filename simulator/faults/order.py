"""A fault that is ordered: which one, where, how often, how long; and how it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Final

from simulator.faults.api_faults import API_FAULTS
from simulator.faults.fault import Fault, FaultError
from simulator.faults.gateway_faults import GATEWAY_FAULTS

KINDS: Final[dict[str, type[Fault]]] = {each.kind: each for each in (*GATEWAY_FAULTS, *API_FAULTS)}


@dataclass(frozen=True, slots=True)
class Aim:
    """What a fault is limited to, or what is about to happen; None is anything.

    `api` is a path or a path's beginning, as `/open-apis/im/v1/messages/{message_id}`, and may
    start with a method and a space.
    """

    app_id: str | None = None
    chat_id: str | None = None
    api: str | None = None
    event_type: str | None = None

    @property
    def anywhere(self) -> bool:
        return self == Aim()

    def covers(self, happening: Aim) -> bool:
        """Tell whether what is about to happen is inside this aim."""
        return (
            self.app_id in (None, happening.app_id)
            and self.chat_id in (None, happening.chat_id)
            and self.event_type in (None, happening.event_type)
            and (self.api is None or _begins(happening.api or "", self.api))
        )


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """`count` is how often it happens and `lasts` for how many seconds; None is no limit."""

    fault: Fault
    where: Aim = field(default_factory=Aim)
    count: int | None = 1
    lasts: float | None = None


def order_of(given: dict[str, object]) -> FaultOrder:
    """Read a fault from JSON: `kind`, `where`, `count`, `lasts` and the kind's parameters.

    Without `count` and `lasts` it happens once; with `lasts` alone as often as it can. `seconds`
    is another word for `lasts`, except for kinds that have a parameter of that name.

    Raises:
        FaultError: it is not written like that.
    """
    left = dict(given)
    kind = KINDS.get(str(left.pop("kind", "")))
    if kind is None:
        raise FaultError(f"kind must be one of {', '.join(KINDS)}")
    where = _aim(left.pop("where", None))
    if "seconds" in left and "seconds" not in kind.defaults():
        left.setdefault("lasts", left.pop("seconds"))
    lasts = _positive("lasts", left.pop("lasts", None))
    default_count = 1 if lasts is None else None
    count = _positive("count", left.pop("count", default_count))
    return FaultOrder(kind.of(left), where, None if count is None else int(count), lasts)


def order_in_flag(text: str) -> FaultOrder:
    """Read a fault from `kind:name=value,...`; aims are parameters too (`chat_id=oc_...`).

    Raises:
        FaultError: it is not written like that.
    """
    kind, _, rest = text.partition(":")
    given: dict[str, object] = {"kind": kind}
    where: dict[str, str] = {}
    aims = {each.name for each in fields(Aim)}
    for pair in filter(None, rest.split(",")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise FaultError(f"{pair!r} is not name=value")
        (where if name in aims else given)[name] = value
    return order_of({**given, "where": where})


def _aim(given: object) -> Aim:
    if given is None:
        return Aim()
    known = {each.name for each in fields(Aim)}
    if not isinstance(given, dict) or not known.issuperset(given):
        raise FaultError(f"where may have {', '.join(sorted(known))}")
    if not all(isinstance(value, str | None) for value in given.values()):
        raise FaultError("where holds strings")
    return Aim(**given)


def _positive(name: str, value: object) -> float | None:
    if value is None or value == "null":
        return None
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not 0 < number < math.inf:
        raise FaultError(f"{name} must be a number above 0, or null")
    return number


def _begins(happening: str, wanted: str) -> bool:
    if " " in wanted and " " in happening:
        return happening.startswith(wanted)
    return happening.rpartition(" ")[2].startswith(wanted.rpartition(" ")[2])
