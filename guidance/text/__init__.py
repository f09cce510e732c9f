"""Text in and out: Markdown, the clean HTML that it becomes, and back."""
