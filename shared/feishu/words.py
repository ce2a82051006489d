"""The bot's own words around an answer, in the language of who asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shared.model.language import Language


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on cards and under them, and what is said where there are no cards."""

    thinking: str
    next: str
    ahead: str
    stop: str
    again: str
    retry: str
    thoughts: str
    steps: str
    continued: str
    above: str
    below: str
    sorry: str
    stopped: str
    interrupted: str
    asks: str
    allow: str
    deny: str
    allowed_by_word: str


_EN: Final = Words(
    thinking="Thinking…",
    next="You are next.",
    ahead="{} ahead of you.",
    stop="Stop",
    again="Answer again",
    retry="Try again",
    thoughts="Thoughts",
    steps="Steps",
    continued="Continued in the next card ↓",
    above="The answer is above.",
    below="The answer is below.",
    sorry="Sorry, I could not answer this message.",
    stopped="Stopped.",
    interrupted="Interrupted by a newer message.",
    asks="May I do this?",
    allow="Allow",
    deny="Deny",
    allowed_by_word="Answer /allow or /deny.",
)

_ZH: Final = Words(
    thinking="思考中……",
    next="马上轮到你。",
    ahead="前面还有 {} 条。",
    stop="停止",
    again="重新回答",
    retry="重试",
    thoughts="思考过程",
    steps="步骤",
    continued="下一张卡片继续 ↓",
    above="回答见上。",
    below="回答见下。",
    sorry="抱歉，这条消息我没能回答。",
    stopped="已停止。",
    interrupted="已让位给新消息。",
    asks="可以执行下面的操作吗？",
    allow="允许",
    deny="拒绝",
    allowed_by_word="请回复 /allow（允许）或 /deny（拒绝）。",
)

WORDS: Final[dict[Language, Words]] = {"en": _EN, "zh": _ZH}
