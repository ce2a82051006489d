"""What the user sees of an answer, from the question to its end."""
