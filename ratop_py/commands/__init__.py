"""One module a command; imported when chosen."""
