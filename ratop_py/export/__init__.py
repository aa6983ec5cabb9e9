"""Snapshot to text, CSV, JSON lines."""
