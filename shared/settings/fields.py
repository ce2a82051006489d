"""What settings are made of: kinds of values, and a group of them under one name."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIX: Final = "LARKSPUR_"


Port = Annotated[int, Field(ge=1, le=65535)]
Secret = Annotated[SecretStr, Field(min_length=1)]
Origin = Annotated[
    str,
    AfterValidator(lambda url: url.rstrip("/")),
    StringConstraints(pattern=r"^https?://[^/\s]+/?$"),
]


Names = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(
        lambda given: (
            [name.strip() for name in given.split(",") if name.strip()]
            if isinstance(given, str)
            else given
        )
    ),
]
"""Names separated by commas."""


CommandLine = Annotated[
    tuple[str, ...],
    NoDecode,
    BeforeValidator(lambda given: shlex.split(given) if isinstance(given, str) else given),
]
"""A program and its arguments, as a shell would split them."""


def some_of(known: Sequence[str]) -> BeforeValidator:
    """Read one or more of some names, separated by commas; one named twice is meant once."""

    def read(names: object) -> object:
        if isinstance(names, str):
            names = tuple(dict.fromkeys(filter(None, map(str.strip, names.split(",")))))
        if not isinstance(names, tuple) or not names or not set(names) <= {*known}:
            raise PydanticCustomError(
                "names", "is to be one or more of {known}", {"known": ", ".join(known)}
            )
        return names

    return BeforeValidator(read)


class Group(BaseSettings):
    """Settings that belong together, each under one name."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, env_ignore_empty=True
    )
    title: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.title = cls.__name__.upper()
        cls.model_config["env_prefix"] = f"{PREFIX}{cls.title}__"

    @classmethod
    def names(cls) -> Iterator[str]:
        """Yield the environment name of every field."""
        for field, declared in cls.model_fields.items():
            yield str(declared.validation_alias or f"{PREFIX}{cls.title}__{field.upper()}")
