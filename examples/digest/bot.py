"""Every morning, what there is to know."""

import datetime as dt
import os

from workers.handlers import on

TEAM = os.environ["DIGEST_CHAT"]


@on.schedule("digest")
async def digest(due, feishu):
    day = dt.datetime.fromtimestamp(due.at, tz=dt.UTC)
    lines = [f"**Good morning! Today is {day:%A}.**", "- Stand-up at ten", "- Tea is in stock"]
    await feishu.send(TEAM, "\n".join(lines))
