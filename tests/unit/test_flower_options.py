from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.flower import options
from shared.settings import Flower

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_port_that_kubernetes_names_is_not_flowers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_PORT", "tcp://10.0.0.1:5555")

    told = options(Flower())

    assert "--port=5555" in told
    assert "FLOWER_PORT" not in os.environ


def test_flower_remembers_only_where_it_has_a_file(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "flower"

    without, remembers = options(Flower()), options(Flower(db=file))

    assert not [option for option in without if "persistent" in option]
    assert {"--persistent=True", f"--db={file}"} <= {*remembers}
    assert file.parent.is_dir()
