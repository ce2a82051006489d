"""Judging a refusal of discovery: does it pass, or must a human mend it (facts 1.2)?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import (
    ConfigurationError,
    CredentialsRejected,
    FeishuRejected,
    TransientError,
)
from shared.feishu.refusals import CREDENTIALS_OR_BUSY, FORBIDDEN, UNKNOWN_APP
from shared.feishu.tokens import fetch

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.settings import Feishu

_FOR_A_HUMAN: Final = frozenset({UNKNOWN_APP, FORBIDDEN})

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Judge:
    """Gives up only on what no waiting can cure.

    The code of a wrong secret is also said while the platform is busy, and an app that was
    connected a minute ago is hardly unknown. So the token endpoint, which is exact and costs no
    quota, has the last word on both.
    """

    def __init__(self, transport: Transport, feishu: Feishu) -> None:
        self._transport = transport
        self._feishu = feishu

    async def judge(self, refused: FeishuRejected, *, once_connected: bool) -> None:
        """Return if it may pass.

        Raises:
            ConfigurationError: it is for a human.
        """
        if refused.code in _FOR_A_HUMAN and not once_connected:
            raise ConfigurationError(f"FEISHU_APP_ID: Feishu says {refused}") from refused
        if refused.code not in {CREDENTIALS_OR_BUSY, *_FOR_A_HUMAN}:
            return
        try:
            await fetch(self._transport, self._feishu)
        except CredentialsRejected as certain:
            raise ConfigurationError(
                f"FEISHU_APP_ID, FEISHU_APP_SECRET: Feishu says {refused}; {certain}"
            ) from certain
        except (TransientError, FeishuRejected) as unsure:
            log.warning("credentials.not_judged", reason=str(unsure))
