"""The platform as we see it: what it sends, what it takes, how it refuses."""
