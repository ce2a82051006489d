"""The language model: an OpenAI-compatible endpoint that answers predictably."""
