"""What only a human can mend ends the process with 78 and Feishu's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stage import Stage


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"FEISHU_APP_ID": "cli_ffffffffffffffff"}, "1000040346"),
        ({"FEISHU_APP_SECRET": "wrong"}, "1000040345"),
    ],
    ids=["app_id", "secret"],
)
def test_ingress_with_wrong_credentials_exits_78(
    stage: Stage, wrong: dict[str, str], code: str
) -> None:
    ingress = stage.start_ingress(ready=False, **wrong)

    assert ingress.ended() == 78
    assert f"Feishu says {code}" in ingress.log()
    assert "wrong" not in ingress.log().replace("FEISHU_APP_SECRET", "")
