"""Where programs run: a folder for every conversation."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from shared.errors import ConfigurationError, ModelUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from shared.model.ids import ConversationId, MessageId
    from shared.model.prompt import Picture, Prompt

_SETTING: Final = "LARKSPUR_COMMAND__WORKSPACES"
_PLAIN: Final = re.compile(r"[^A-Za-z0-9_-]")
_MINE_ALONE: Final = 0o700
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW


class Workspaces:
    """The folders below one. They block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        """Make the folder that holds them.

        Raises:
            ConfigurationError: it cannot be made, or not written to.
        """
        self._folder = folder.absolute()
        try:
            self._folder.mkdir(_MINE_ALONE, parents=True, exist_ok=True)
            TemporaryDirectory(dir=self._folder).cleanup()  # only trying tells
        except OSError as error:
            raise ConfigurationError(f"{_SETTING}: {folder}: {error.strerror}") from error

    def of(self, conversation: ConversationId) -> Path:
        """Return a conversation's folder; on every worker its path is the same.

        Raises:
            ModelUnavailable: it cannot be made.
        """
        folder = self._folder / _name(conversation)
        try:
            folder.mkdir(_MINE_ALONE, exist_ok=True)
        except OSError as error:
            raise _unable(error) from error
        return folder

    def prepare(self, folder: Path, prompt: Prompt, question: MessageId) -> str:
        """Lay the pictures of a prompt down in a folder; return its words, which name them.

        Raises:
            ModelUnavailable: they cannot be written.
        """
        if not prompt.pictures:
            return prompt.text
        names = [
            folder / f"{_PLAIN.sub('-', question) or 'picture'}-{number}{_suffix(picture)}"
            for number, picture in enumerate(prompt.pictures, start=1)
        ]
        try:
            for name, picture in zip(names, prompt.pictures, strict=True):
                with open(os.open(name, _NEW, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
                    file.write(picture.content)
        except OSError as error:
            raise _unable(error) from error
        listed = "\n".join(map(str, names))
        return f"{prompt.text}\n\nPictures that belong to this, as files:\n{listed}"


def _name(conversation: ConversationId) -> str:
    """Return a name that leads nowhere else, and is no other conversation's in any alphabet."""
    plain = _PLAIN.sub("-", conversation)[:80].lower()
    return f"{plain}-{sha256(conversation.encode()).hexdigest()[:16]}"


def _suffix(picture: Picture) -> str:
    return "." + _PLAIN.sub("", picture.kind.rpartition("/")[2])[:10]


def _unable(error: OSError) -> ModelUnavailable:
    return ModelUnavailable(f"the workspace: {error.strerror}")
