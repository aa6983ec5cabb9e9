"""Flow and event to attribution."""
