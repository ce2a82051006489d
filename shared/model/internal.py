"""The types of events that are our own: filed by Larkspur itself, not pushed by the platform."""

from __future__ import annotations

from typing import Final

SEND: Final = "larkspur.send"
"""Somebody is to be sent something."""

SCHEDULED: Final = "larkspur.schedule"
"""A schedule is due."""
