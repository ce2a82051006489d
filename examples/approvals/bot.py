"""Tells whoever is to decide that an approval waits, and a chat what became of each."""

import os

from workers.handlers import on

TEAM = os.environ.get("APPROVALS_CHAT", "")
SAYS = {"APPROVED": "✅ was approved", "REJECTED": "❌ was rejected"}


def card(event):
    link = f"https://applink.feishu.cn/client/approval/detail?instanceId={event.instance_code}"
    button = {
        "tag": "button",
        "type": "primary",
        "text": {"tag": "plain_text", "content": "Look at it"},
        "behaviors": [{"type": "open_url", "default_url": link}],
    }
    text = {"tag": "markdown", "content": f"Approval `{event.instance_code}` waits for you."}
    return {"schema": "2.0", "body": {"elements": [text, button]}}


@on("approval_task")
async def asked(event, feishu):
    if event.status == "PENDING" and event.approver.open_id:
        await feishu.send_card(event.approver.open_id, card(event))


@on("approval_instance")
async def decided(event, feishu):
    if TEAM and event.status in SAYS:
        await feishu.send(TEAM, f"Approval `{event.instance_code}` {SAYS[event.status]}.")
