"""The terminal: what it can show, cells to bytes, bytes to keys. Knows nothing of Textual."""
