"""`python -m ingress`, whose source is `sdk`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ingress import app
from ingress.__main__ import main
from ingress.sources.sdk import Sdk

if TYPE_CHECKING:
    from ingress.health import Health
    from ingress.metrics import Metrics
    from shared.feishu.transport import Transport
    from shared.settings import Feishu


def chosen(_: Transport, feishu: Feishu, metrics: Metrics, health: Health) -> Sdk:
    return Sdk(feishu, metrics, health)


if __name__ == "__main__":
    vars(app)["LongConnection"] = chosen
    sys.exit(main())
