"""Flow to evidence."""
