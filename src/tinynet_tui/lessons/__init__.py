"""The lesson file: its schema, reading, writing and errors, and the lessons that are shipped."""
