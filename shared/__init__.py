"""What both processes need, and where they meet."""
