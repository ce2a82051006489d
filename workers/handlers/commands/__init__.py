"""The commands that are built in, one file each."""
