"""One kind of misbehaviour with its parameters."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

Parameter = bool | int | float | str


class FaultError(ValueError):
    """There is no such fault, or not with these parameters."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A subclass is a kind; each of its fields is a parameter and has a default."""

    kind: ClassVar[str]
    means: ClassVar[str]
    """What happens, for people; one sentence without its full stop."""

    @classmethod
    def defaults(cls) -> dict[str, Parameter]:
        """Return the parameters a kind has."""
        return {each.name: each.default for each in fields(cls)}  # type: ignore[misc]

    @classmethod
    def of(cls, given: dict[str, object]) -> Fault:
        """Build one from what a person or a program wrote; strings are read as numbers.

        Raises:
            FaultError: a parameter is unknown or of the wrong type.
        """
        known = cls.defaults()
        for name in given:
            if name not in known:
                raise FaultError(f"{cls.kind} has no parameter {name!r}; it has {list(known)}")
        return cls(**{name: _read(name, known[name], value) for name, value in given.items()})


def _read(name: str, default: Parameter, value: object) -> Parameter:
    kind = type(default)
    if kind is bool:
        return _flag(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FaultError(f"{name} must be a {kind.__name__}")
    try:
        return kind(value)
    except (ValueError, OverflowError):
        raise FaultError(f"{name} must be a {kind.__name__}") from None


def _flag(name: str, value: object) -> bool:
    read = {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())
    if read is None:
        raise FaultError(f"{name} must be true or false")
    return read
