"""The Open API as a whole fleet calls it: one token, one set of limits, one quota, in Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.feishu.client import Feishu
from shared.feishu.gate import Gate
from shared.feishu.quota import Quota
from shared.feishu.rates import Rates
from shared.feishu.tokens import Tokens
from shared.store.limiter import Limiter
from shared.store.months import CallsByMonth
from shared.store.shelf import TokenShelf

if TYPE_CHECKING:
    from shared.feishu.transport import Transport
    from shared.settings import Feishu as FeishuSettings
    from shared.settings import Limits
    from shared.store.connection import Store
    from shared.store.keys import Keys
    from shared.telemetry.calls import Calls


def open_api(
    transport: Transport,
    store: Store,
    keys: Keys,
    feishu: FeishuSettings,
    limits: Limits,
    calls: Calls | None = None,
) -> Feishu:
    """Return the calls of an app; its `quota` is to be run in the background.

    `calls` counts them, if anybody wants to know.
    """
    return Feishu(
        feishu.app_id,
        transport,
        Tokens(transport, feishu, TokenShelf(store, keys)),
        Gate(Limiter(store, keys), Rates(limits)),
        Quota(CallsByMonth(store, keys), limits.calls_a_month),
        calls,
    )
