"""Settings: one frozen group per far side, one class per process, read once in its root.

Names people already know stay as they are (`FEISHU_APP_ID`); all others are
`LARKSPUR_<GROUP>__<FIELD>`. Values come from the environment, else from `.env`. Seconds are
floats.
"""

from shared.settings.command import Command
from shared.settings.fields import PREFIX, Group
from shared.settings.groups import (
    LEAVING,
    App,
    Beat,
    Feishu,
    Flower,
    Handlers,
    History,
    Ingress,
    Limits,
    Log,
    Policy,
    Redis,
    Reply,
    Schedules,
    SourceName,
    Trace,
    Up,
    Webhook,
    WhenBusy,
    Worker,
)
from shared.settings.model import Model
from shared.settings.processes import (
    GROUPS,
    BeatSettings,
    CelerySettings,
    FlowerSettings,
    IngressSettings,
    OperatorSettings,
    Settings,
    UpSettings,
    WorkerSettings,
    known_names,
    read,
)

__all__ = [
    "GROUPS",
    "LEAVING",
    "PREFIX",
    "App",
    "Beat",
    "BeatSettings",
    "CelerySettings",
    "Command",
    "Feishu",
    "Flower",
    "FlowerSettings",
    "Group",
    "Handlers",
    "History",
    "Ingress",
    "IngressSettings",
    "Limits",
    "Log",
    "Model",
    "OperatorSettings",
    "Policy",
    "Redis",
    "Reply",
    "Schedules",
    "Settings",
    "SourceName",
    "Trace",
    "Up",
    "UpSettings",
    "Webhook",
    "WhenBusy",
    "Worker",
    "WorkerSettings",
    "known_names",
    "read",
]
