"""Process 1: Feishu in, Redis out. No LLM, no task bodies."""
