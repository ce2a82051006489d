"""The ways in that the settings name. Those that are not chosen are not even imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingress.health import Health
    from ingress.metrics import Metrics
    from ingress.sources.source import Source
    from shared.feishu.transport import Transport
    from shared.settings import IngressSettings, SourceName

    Build = Callable[[IngressSettings, Transport, Metrics, Health], Source]


def chosen(
    settings: IngressSettings, transport: Transport, metrics: Metrics, health: Health
) -> list[Source]:
    """Build what `LARKSPUR_INGRESS__SOURCES` names, in that order."""
    return [_BUILT[name](settings, transport, metrics, health) for name in settings.ingress.sources]


def _long_connection(
    settings: IngressSettings, transport: Transport, metrics: Metrics, health: Health
) -> Source:
    from ingress.sources.long_connection import LongConnection  # noqa: PLC0415

    return LongConnection(transport, settings.feishu, metrics, health)


def _sdk(settings: IngressSettings, _: Transport, metrics: Metrics, health: Health) -> Source:
    # By name: the SDK takes seconds and 100 MB, and no import statement of ours is to reach it.
    source: Source = import_module("ingress.sources.sdk").Sdk(settings.feishu, metrics, health)
    return source


def _webhook(settings: IngressSettings, _: Transport, metrics: Metrics, health: Health) -> Source:
    from ingress.sources.webhook.webhook import Webhook  # noqa: PLC0415

    return Webhook(settings.webhook, metrics, health)


_BUILT: Final[dict[SourceName, Build]] = {
    "long_connection": _long_connection,
    "sdk": _sdk,
    "webhook": _webhook,
}
