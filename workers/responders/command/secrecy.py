"""What programs of the same user may see of the worker."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_DUMPABLE: Final = 4  # of prctl(2)


def keep_secrets() -> None:
    """Have Linux show our environment and memory to nobody but root, from now on.

    Else any program of this user reads them in `/proc`. The price: neither debuggers nor profilers
    of this user can attach, and no core is dumped.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
