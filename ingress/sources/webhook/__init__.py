"""Events posted to a URL of ours (facts 6). It keeps nothing, so as many may run as are wanted."""
