"""Who and what exists on the platform: an app, users, chats, messages."""
