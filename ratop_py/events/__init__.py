"""The host speaks: sockets and their owners."""
