"""`/_sim`: play the users, see what the bot did, look into the platform."""
