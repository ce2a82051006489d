"""What Claude Code prints: a line of JSON for everything that happens. Pure.

https://docs.claude.com/en/docs/agent-sdk/typescript (SDKMessage)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import orjson

from shared.errors import ModelRefused, ModelUnavailable
from shared.model.progress import Progress
from workers.responders.command.claude_result import SessionGone, fault_of, is_gone, usage_of
from workers.responders.command.speech import Said

if TYPE_CHECKING:
    from workers.responders.command.run import Ending

Json = dict[str, Any]

_TELLING: Final = ("command", "file_path", "path", "pattern", "url", "query", "description")
_SHORT: Final = 80


class ClaudeLines:
    """A `Speech`: what Claude Code has said so far.

    What it says before it uses a tool is a thought; the answer is what it says last. A block of a
    message is streamed, and comes whole thereafter: what broke off never does.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self._tail: list[bytes] = []
        self._message = ""
        self._text = self._speaking = ""
        self._thoughts = self._thinking = ""
        self._steps: list[str] = []
        self._model = ""
        self._error = ""
        self._result: Json = {}

    @property
    def progress(self) -> Progress:
        text, thoughts = self._text + self._speaking, self._thoughts + self._thinking
        return Progress(text.strip(), thoughts.strip(), (*self._steps,))

    def feed(self, raw: bytes) -> None:
        *lines, tail = raw.split(b"\n")
        for line in lines:
            self._hear(b"".join((*self._tail, line)))
            self._tail.clear()
        self._tail.append(tail)

    def end(self, ending: Ending) -> Said:
        self.feed(b"\n")
        if not self._result:
            if is_gone(ending.complaints):
                raise SessionGone
            raise ending.fault or ModelUnavailable("the program broke off")
        if fault := fault_of(self._result, self._error):
            raise fault
        progress = self.progress
        text = str(self._result.get("result") or "").strip() or progress.text
        if not text:
            raise ModelRefused("the program returned nothing")
        return Said(
            Progress(text, progress.thoughts, progress.steps),
            self._model or "claude",
            str(self._result.get("session_id") or ""),
            usage_of(self._result, self._model),
        )

    def _hear(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            self._take(_parsed(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.skipped += 1

    def _take(self, said: Json) -> None:
        is_own = not said.get("parent_tool_use_id")  # and not a helper's
        match said["type"]:
            case "system":
                self._model = said.get("model") or self._model
            case "stream_event":
                if is_own:
                    self._stream(said["event"])
            case "assistant":
                self._error = said.get("error") or self._error
                self._look_at(said["message"], is_own=is_own)
            case "result":
                self._result = said
            case "user" | "rate_limit_event" | "tool_progress":
                pass
            case _:
                self.skipped += 1

    def _stream(self, event: Json) -> None:
        if event["type"] == "message_start":
            self._begin(event["message"])
        elif event["type"] == "content_block_delta":
            delta = event["delta"]
            self._speaking += delta.get("text") or ""
            self._thinking += delta.get("thinking") or ""

    def _look_at(self, message: Json, *, is_own: bool) -> None:
        """Take blocks that are whole: a helper's tools, and all that is Claude's own."""
        if is_own and message["id"] != self._message:
            self._begin(message)
        for block in message["content"]:
            if block["type"] == "tool_use":
                self._steps.append(_step(block))
            if is_own:
                self._take_block(block)

    def _take_block(self, block: Json) -> None:
        match block["type"]:
            case "text":
                self._text, self._speaking = self._text + block["text"], ""
            case "thinking":
                self._think(block["thinking"])
            case "tool_use":
                self._set_aside()

    def _begin(self, message: Json) -> None:
        self._message = message["id"]
        model = str(message.get("model") or "")
        if not model.startswith("<"):  # `<synthetic>` says what went wrong
            self._model = model or self._model
        self._set_aside()
        self._speaking = ""

    def _set_aside(self) -> None:
        self._think(self._text)
        self._text = ""

    def _think(self, said: str) -> None:
        self._thinking = ""
        if said.strip():
            self._thoughts += said.strip() + "\n"


def _parsed(line: bytes) -> Json:
    """Read a line; half a surrogate pair, which `json` alone reads, becomes `�`."""
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        written = json.dumps(json.loads(line), ensure_ascii=False)
        said = json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if not isinstance(said, dict):
        raise TypeError("no object")
    return said


def _step(block: Json) -> str:
    """Return a line that tells of a tool's use."""
    given = block["input"]
    told = next((given[name] for name in _TELLING if isinstance(given.get(name), str)), "")
    short = " ".join(told.split())
    short = short if len(short) <= _SHORT else f"{short[: _SHORT - 1]}…"
    return f"{block['name']}: {short}" if short else str(block["name"])
