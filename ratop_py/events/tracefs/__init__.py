"""The kernel's tracepoints of TCP sockets as a source of facts."""
