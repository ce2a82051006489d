"""The bot's own sentences."""

from __future__ import annotations

from typing import get_args

import pytest

from shared.model.language import Language, language_of
from workers.policy.admission import Reason
from workers.policy.words import ADMINS_ONLY, words

LANGUAGES: tuple[Language, ...] = get_args(Language)
OF_GROUPS = {"chat_blocked", "chat_unlisted"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", sorted({*get_args(Reason)} - OF_GROUPS))
def test_every_refusal_of_a_person_can_be_told_in_every_language(
    reason: Reason, language: Language
) -> None:
    assert language_of(words(reason, language)) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_admins_command_can_be_declined_in_every_language(language: Language) -> None:
    assert language_of(ADMINS_ONLY[language]) == language


def test_group_is_not_told_that_it_is_not_answered() -> None:
    assert not words("chat_blocked", "en")
    assert not words("chat_unlisted", "zh")
