"""Markdown as a model writes it, made fit for Feishu. Pure: text in, text out.

It is read line by line, which is enough to know code and tables from everything else, and fast
enough for every revision of a card.
"""
