"""The commands that every bot knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workers.handlers.commands.help import Help
from workers.handlers.commands.model import ChooseModel
from workers.handlers.commands.new import New
from workers.handlers.commands.retry import Retry
from workers.handlers.commands.status import Status
from workers.handlers.commands.usage import ShowUsage
from workers.handlers.errands import may

if TYPE_CHECKING:
    from shared.store.records import Records
    from workers.handlers.again import Again
    from workers.handlers.commands.command import Command
    from workers.policy.policy import Policy


def built_in(kept: Records, policy: Policy, again: Again) -> dict[str, Command]:
    """Return them by name; more may be added, and /help will know of them."""
    commands: dict[str, Command] = {}
    for command in (
        Help(commands, partial(may, policy)),
        New(),
        ChooseModel(kept.choices),
        ShowUsage(policy.accounts),
        Status(kept.choices, kept.history, kept.notices),
        Retry(kept.dead_letters, kept.history, again),
    ):
        commands[command.name] = command
    return commands
