"""What is done about each kind of event, one file each; and `on`, by which a team declares more."""

from workers.handlers.declaring import on

__all__ = ["on"]
