"""What readers ask of a page's history, and what editors write and say of it."""
