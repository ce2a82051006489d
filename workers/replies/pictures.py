"""The pictures of an answer: fetched from the public web, and uploaded once."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Final

import structlog

from shared.errors import FeishuRejected, NotFetched, TransientError
from shared.feishu.markdown.inline import picture_urls
from shared.feishu.picture_size import LARGEST, is_taken

if TYPE_CHECKING:
    from shared.feishu.client import Feishu
    from shared.feishu.public_web import PublicWeb
    from shared.store.picture_keys import PictureKeys

_MOST: Final = 5
log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


class Pictures:
    """Turns the pictures of a document into keys that a card can show."""

    def __init__(
        self, feishu: Feishu, web: PublicWeb, keys: PictureKeys, *, wanted: bool = True
    ) -> None:
        """Unless they are `wanted`, nothing is fetched and every picture remains a link."""
        self._feishu = feishu
        self._wanted = wanted
        self._web = web
        self._keys = keys

    async def of(self, document: str) -> dict[str, str]:
        """Return image keys by URL. A picture that cannot be had remains a link."""
        urls = picture_urls(document)[:_MOST] if self._wanted else []
        keys = await asyncio.gather(*map(self._key, urls))
        return {url: key for url, key in zip(urls, keys, strict=True) if key}

    async def _key(self, url: str) -> str:
        try:
            content = await self._web.fetch(url, at_most=LARGEST)
            return await self._uploaded(content)
        except (NotFetched, FeishuRejected, TransientError) as fault:
            log.info("picture.left_out", reason=str(fault))
            return ""

    async def _uploaded(self, content: bytes) -> str:
        if not is_taken(content):
            raise NotFetched("no_picture", "nothing that Feishu takes as one")
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        if known := await self._keys.find(digest):
            return known
        key = await self._feishu.upload_picture(content)
        await self._keys.enter(digest, key)
        return key
