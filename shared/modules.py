"""The team's own modules, which settings name."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from shared.errors import ConfigurationError


def members(setting: str, module: str) -> list[Any]:
    """Import a module, which is looked for in the working directory too; return what it holds.

    Raises:
        ConfigurationError: it cannot be imported; `setting` names it.
    """
    if (here := str(Path.cwd())) not in sys.path:  # as `python -m` and `celery -A` do
        sys.path.insert(0, here)
    try:
        return [*vars(importlib.import_module(module)).values()]
    except Exception as error:  # the team's code runs, and may raise anything
        raise ConfigurationError(f"{setting}: {module}: {type(error).__name__}: {error}") from error
