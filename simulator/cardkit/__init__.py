"""cardkit v1: card entities, created, sent once, and changed in order (facts 4)."""
