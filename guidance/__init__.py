"""The guidance: pages, their editions, sections and links."""
