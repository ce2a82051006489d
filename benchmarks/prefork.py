"""A stock Celery app on `-P prefork`, whose task is a turn: a model's stream, read to its end."""

from __future__ import annotations

import os

from celery import Celery
from openai import OpenAI

app = Celery("prefork", broker=os.environ.get("REDIS_URL"))
app.conf.task_default_queue = "prefork"
app.conf.worker_prefetch_multiplier = 1


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def turn(prompt: str) -> int:
    """Ask, and return how long the answer is."""
    with OpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="not-a-secret") as client:
        stream = client.chat.completions.create(
            model="world", messages=[{"role": "user", "content": prompt}], stream=True
        )
        return sum(len(part.choices[0].delta.content or "") for part in stream)
