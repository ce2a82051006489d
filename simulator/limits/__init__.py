"""How often the platform lets an app call: rates by window, and a month's quota (facts 3)."""
