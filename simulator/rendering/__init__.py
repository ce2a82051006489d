"""What people and bots write, as HTML that is safe to show."""
