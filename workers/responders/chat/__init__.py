"""A plain chat with a model behind an OpenAI-compatible endpoint, and nothing between."""
