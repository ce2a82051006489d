"""What Redis holds. Every key is spelled in `keys`, every multi-step change is one Lua script."""
