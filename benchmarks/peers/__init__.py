"""What the program is measured against: the least that the same work needs, and other ways to do it."""
