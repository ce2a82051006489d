"""`larkspur simulator`."""

from __future__ import annotations

from simulator.__main__ import main as command

__all__ = ["command"]
