"""The writes of guidance: loading, drafting and publishing, and what comes after that."""
