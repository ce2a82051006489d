"""The command line, `larkspur`."""
