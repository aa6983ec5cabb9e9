"""What a person set once and what ratop remembers of the last time: files in a home, read with care."""
