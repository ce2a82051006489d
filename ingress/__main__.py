"""`python -m ingress`."""

from __future__ import annotations

import sys

import uvloop

from ingress.app import run
from shared import logging
from shared.errors import EX_CONFIG, ConfigurationError, LarkspurError
from shared.settings import IngressSettings, read


def main() -> int:
    """Run the ingress; return its exit code."""
    try:
        settings = read(IngressSettings)
        logging.configure(level=settings.log.level, format=settings.log.format)
        uvloop.run(run(settings))
    except ConfigurationError as error:
        print(f"ingress: {error}", file=sys.stderr)  # noqa: T201 - before there is a log
        return EX_CONFIG
    except LarkspurError as error:  # a new process may do better
        print(f"ingress: {error}", file=sys.stderr)  # noqa: T201 - and after there was one
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
