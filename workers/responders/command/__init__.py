"""A responder that runs a program for every turn: Claude Code, or any that reads and prints."""
