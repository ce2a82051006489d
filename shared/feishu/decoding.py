"""The body of an HTTP answer as it comes in: decoded, and never more of it than is wanted."""

from __future__ import annotations

import zlib
from typing import Final

from shared.errors import NotFetched

_PLAIN: Final = frozenset({"", "identity"})
_DEFLATED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_HEADER: Final = zlib.MAX_WBITS | 32
"""Of gzip and of zlib: https://docs.python.org/3/library/zlib.html#zlib.decompressobj."""


class Decoder:
    """Puts a body together that is at most `at_most` bytes long, on the way and decoded.

    Raises:
        NotFetched: `encoding`, if it is one that was not asked for and is not known.
    """

    def __init__(self, encoding: str, *, at_most: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _PLAIN | _DEFLATED:
            raise NotFetched("encoding", "neither plain nor deflated")
        self._inflater = None if encoding in _PLAIN else zlib.decompressobj(_ANY_HEADER)
        self._at_most = at_most
        self._taken = 0
        self._content = bytearray()

    def take(self, chunk: bytes) -> None:
        """Go on with the next piece; of what inflates without end, only the beginning is.

        Raises:
            NotFetched: `large`, or `broken`.
        """
        self._taken += len(chunk)
        self._content += self._decoded(chunk)
        if max(self._taken, len(self._content)) > self._at_most:
            raise NotFetched("large", f"more than {self._at_most} bytes")

    def content(self) -> bytes:
        """Return the whole.

        Raises:
            NotFetched: `broken`, it ends in the middle.
        """
        if self._inflater is not None and self._taken and not self._inflater.eof:
            raise NotFetched("broken", "it ends in the middle")
        return bytes(self._content)

    def _decoded(self, chunk: bytes) -> bytes:
        if self._inflater is None:
            return chunk
        room = self._at_most - len(self._content)
        try:
            return self._inflater.decompress(chunk, room + 1)
        except zlib.error as error:
            raise NotFetched("broken", "not deflated") from error
