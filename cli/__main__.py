"""`python -m cli`, the same as `larkspur`."""

from __future__ import annotations

from cli.main import main

main()
