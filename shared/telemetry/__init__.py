"""What can be seen of Larkspur from outside: every metric by its name, and traces."""
