"""What an event holds, by attribute: whatever its shape, reading it raises nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Fields(Mapping[str, Any]):
    """A JSON object whose fields are attributes too: `thing.status.is_frozen`."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or "_fields" not in self.__dict__:  # copying asks for some
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            there = ", ".join(self._fields) or "nothing"
            raise AttributeError(f"no field {name}; there are: {there}") from None

    def __getitem__(self, name: str) -> Any:
        return opened(self._fields[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Fields({self._fields!r})"


def opened(value: Any) -> Any:
    """Return a value of JSON, or what is in a list of them, with objects as `Fields`."""
    if isinstance(value, dict):
        return Fields(value)
    if isinstance(value, list):
        return [opened(each) for each in value]
    return value


class Shape(BaseModel):
    """A known JSON object: its fields are typed, and None where they are not sent.

    What has another type than it should is kept as it came. What is not declared is reachable too.
    """

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    __pydantic_extra__: dict[str, Annotated[Any, BeforeValidator(opened)]] = Field(init=False)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @field_validator("*", mode="wrap")
    @classmethod
    def _as_it_came(cls, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            return read(value)
        except ValidationError:
            return value


class Ids(Shape):
    """Somebody, under the three ids of the platform."""

    open_id: str | None = None
    user_id: str | None = None
    union_id: str | None = None
