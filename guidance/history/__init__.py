"""What changed, when and why, and words taken out of it."""
