"""Wires and files: where frames come from."""
