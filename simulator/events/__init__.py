"""Everything the platform tells an app of, in the shapes it really sends."""
