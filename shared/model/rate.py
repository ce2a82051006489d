"""How many calls may be made."""

from __future__ import annotations

from typing import NamedTuple


class Rate(NamedTuple):
    """At most `share` of the `at_most` calls that `bucket` may have within any `seconds`.

    The rest is for calls that matter more.
    """

    bucket: str
    at_most: int
    seconds: float
    share: int


class Wait(NamedTuple):
    """For how many seconds a call has to wait, 0.0 if it may be made, and for which bucket."""

    seconds: float
    bucket: str = ""
