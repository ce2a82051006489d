"""Says what it hears."""

from workers.handlers import on


@on.message()
async def echo(turn):
    return f"You said: {turn.text}"
