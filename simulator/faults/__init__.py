"""Misbehaviour on command: what goes wrong, for whom, how often and for how long."""
