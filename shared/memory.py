"""Giving back what starting up used, and sparing the garbage collector what never changes."""

from __future__ import annotations

import ctypes
import gc
from typing import Final

_M_TRIM_THRESHOLD: Final = -1  # numbers of malloc.h
_M_MMAP_THRESHOLD: Final = -3
_KEPT_AT_MOST: Final = 8 * 1024 * 1024


def settle_down() -> None:
    """Call once, when everything is built: about 10 MB of a start's litter go back to the system.

    What is left is frozen: collections look only at what came later, so they stay short; and they
    come seldom, for what an event leaves behind goes by its reference counts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    process = ctypes.CDLL(None)
    if hasattr(process, "malloc_trim"):  # glibc alone keeps freed pages until asked
        process.malloc_trim(0)
        # A batch takes buffers of half a megabyte. Without this each is mapped, page by page, and
        # given back.
        process.mallopt(_M_MMAP_THRESHOLD, _KEPT_AT_MOST)
        process.mallopt(_M_TRIM_THRESHOLD, _KEPT_AT_MOST)
