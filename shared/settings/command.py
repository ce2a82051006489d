"""The settings of a program that answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, PositiveFloat, PositiveInt
from pydantic_core import PydanticCustomError

from shared.settings.fields import CommandLine, Group, Names

_NEVER_HANDED_ON: Final = re.compile(r"(FEISHU|LARKSPUR|REDIS)_.*")


def _handed_on(names: tuple[str, ...]) -> tuple[str, ...]:
    if ours := sorted(filter(_NEVER_HANDED_ON.fullmatch, names)):
        raise PydanticCustomError("ours", "{name} is kept from programs", {"name": ours[0]})
    return names


class Command(Group):
    """A program that answers, run anew for every turn in a folder of the conversation's own.

    A run has `seconds`, may print so many `bytes` and be so many `processes` at once. `environment`
    names what it is handed of the worker's environment: of the bot's own settings nothing.
    """

    run: CommandLine = ()
    format: Literal["claude", "lines"] = "lines"
    workspaces: Path = Path(".larkspur/workspaces")
    seconds: PositiveFloat = 240.0
    bytes: PositiveInt = 32 * 1024 * 1024
    processes: PositiveInt = 100
    environment: Annotated[Names, AfterValidator(_handed_on)] = ()
