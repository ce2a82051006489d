"""Who is answered, how much, and what it costs."""
