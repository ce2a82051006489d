"""What the bot says to whom it does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.model.language import Language
    from workers.policy.admission import Reason

ADMINS_ONLY: Final[Mapping[Language, str]] = {
    "zh": "这个命令只有管理员可以使用。",
    "en": "Only an administrator may use this command.",
}
"""Said to who uses a command that is not for them."""

_NOT_YOU: Final[Mapping[Language, str]] = {
    "zh": "抱歉，我还不能回答你，需要的话请联系管理员开通。",
    "en": "Sorry, I may not answer you. Please ask an administrator if you need me.",
}

_WORDS: Final[Mapping[Reason, Mapping[Language, str]]] = {
    "blocked": _NOT_YOU,
    "unlisted": _NOT_YOU,
    "rate": {
        "zh": "消息有点多，我跟不上了，请过一分钟再发。",
        "en": "That is more than I can keep up with. Please try again in a minute.",
    },
    "user_budget": {
        "zh": "你今天的用量已经用完，明天再继续吧。",
        "en": "You have used up your share for today. Let us go on tomorrow.",
    },
    "chat_budget": {
        "zh": "这个会话今天的用量已经用完，明天再继续吧。",
        "en": "This chat has used up its share for today. Let us go on tomorrow.",
    },
    "tenant_budget": {
        "zh": "今天所有人的总用量已经用完，明天再继续吧。",
        "en": "All that may be used in a day has been used. Let us go on tomorrow.",
    },
}


def words(reason: Reason, language: Language) -> str:
    """Return what tells somebody why they are not answered; empty for what no group is told."""
    return _WORDS[reason][language] if reason in _WORDS else ""
