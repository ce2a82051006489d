"""Where people work, as the contact API tells; asked for only if the rules name departments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected
from shared.feishu.call import Call

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.model.ids import OpenId
    from shared.store.connection import Store
    from shared.store.keys import Keys

USER: Final = "/open-apis/contact/v3/users/:user_id"
FIELD: Final = "contact:user.department:readonly"
"""The permission without which a user is shown, but not where they work."""

_KEPT: Final = 600.0
"""Seconds until somebody who has moved is asked about again."""

_UNKNOWN: Final = b"?"
_UNKNOWN_KEPT: Final = 60.0
"""Seconds until it shows that a permission was granted."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Departments:
    """The departments of people, remembered for the fleet for ten minutes."""

    def __init__(self, feishu: Feishu, store: Store, keys: Keys) -> None:
        self._feishu = feishu
        self._store = store
        self._keys = keys
        self._told: set[str] = set()

    async def of(self, user: OpenId) -> frozenset[str] | None:
        """Return the ids (`od-...`) of a user's departments, None if Feishu will not tell.

        Those above them are not among these: Feishu tells no app of the path.

        Raises:
            FeishuUnavailable, FeishuRateLimited: it may tell later.
            StoreUnavailable: Redis did not answer.
        """
        key = self._keys.departments(user)
        known = await self._store.read(key)
        if known is None:
            known = await self._asked(user)
            kept = _UNKNOWN_KEPT if known == _UNKNOWN else _KEPT
            await self._store.put(key, known, seconds=kept)
        return None if known == _UNKNOWN else frozenset(known.decode().split())

    async def _asked(self, user: OpenId) -> bytes:
        """Ask: https://open.feishu.cn/document/server-docs/contact-v3/user/get ."""
        kinds = (("user_id_type", "open_id"), ("department_id_type", "open_department_id"))
        try:
            answer = await self._feishu.perform(Call("GET", USER, {"user_id": user}, kinds))
        except FeishuRejected as refused:
            return self._unknown(user, str(refused.code), str(refused))
        ids = answer["data"]["user"].get("department_ids")
        if ids is None:  # the user is shown without what the app may not see
            return self._unknown(user, FIELD, f"the app lacks {FIELD}")
        return " ".join(ids).encode()

    def _unknown(self, user: OpenId, fault: str, reason: str) -> bytes:
        if fault not in self._told:  # a permission is missing for all alike
            log.warning("departments.unknown", user=user, reason=reason)
        self._told.add(fault)
        return _UNKNOWN
