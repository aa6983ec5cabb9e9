"""Frames to flow rows."""
