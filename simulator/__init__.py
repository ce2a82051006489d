"""The fake Feishu platform: a gateway, an Open API, a model and a chat page in one process.

An independent implementation, written from the platform's documents and not from the bot's
code, so that a mistake in the bot cannot hide behind the same mistake here.
"""
