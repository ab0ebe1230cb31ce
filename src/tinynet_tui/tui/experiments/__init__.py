"""The page of experiments: what it shows, its keys, and the work behind it."""
