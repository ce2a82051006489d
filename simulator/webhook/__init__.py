"""The other way to an app: events posted to its URL."""
