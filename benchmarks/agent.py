"""`python -m benchmarks.agent URL STREAMS CHUNKS RATE`: an agent as it comes.

On its default client it runs so many streams at once, and prints what they took: seconds each,
and CPU seconds in all.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop
from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from benchmarks.world import WORD


async def _answers(url: str, streams: int, chunks: int, rate: int) -> None:
    async with AsyncOpenAI(base_url=url, api_key="not-a-secret", max_retries=0) as client:
        agent = Agent(OpenAIChatModel("world", provider=OpenAIProvider(openai_client=client)))
        await _answer(agent, 1, 100)  # what is imported late is not paid for again
        begun = time.process_time()
        took = await asyncio.gather(*[_answer(agent, chunks, rate) for _ in range(streams)])
        print(json.dumps({"seconds": took, "cpu": time.process_time() - begun}))


async def _answer(agent: Agent, chunks: int, rate: int) -> float:
    begun = time.perf_counter()
    async with agent.run_stream(f"{chunks} {rate}") as run:
        *_, text = [text async for text in run.stream_text()]
    if text != WORD * chunks:
        raise AssertionError(text)
    return time.perf_counter() - begun


if __name__ == "__main__":
    uvloop.run(_answers(sys.argv[1], *(int(word) for word in sys.argv[2:])))
