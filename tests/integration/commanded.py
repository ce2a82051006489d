"""Programs that answer, for tests that say what they do."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import uvloop

from shared.model.ids import ChatId, ConversationId, MessageId, OpenId
from shared.model.prompt import Prompt
from shared.settings import Command
from workers.responders.command.program import connected
from workers.responders.responder import Query

if TYPE_CHECKING:
    from pathlib import Path

    from shared.model.progress import Progress
    from workers.responders.responder import Answer

HELLO = Query(
    Prompt("hello?"),
    question=MessageId("om_1"),
    conversation=ConversationId("oc_1"),
    chat=ChatId("oc_1"),
    user=OpenId("ou_1"),
)


def shell(folder: Path, script: str, **settings: object) -> Command:
    """Return the settings of a program that is a script of the shell."""
    return Command.model_validate(
        {"run": shlex.join(["sh", "-c", script]), "workspaces": folder, **settings}
    )


def ask(settings: Command, query: Query = HELLO) -> tuple[Answer, list[Progress]]:
    """Return the answer, and what was shown of it meanwhile; on the loop that workers use."""
    return uvloop.run(asked(settings, query))


async def asked(settings: Command, query: Query = HELLO) -> tuple[Answer, list[Progress]]:
    shown: list[Progress] = []
    async with connected(settings) as program:
        answer = await program.answer(query, shown.append)
    return answer, shown
