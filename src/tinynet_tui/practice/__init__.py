"""Practice: questions drawn across kinds of steps and networks, and a record of how they went."""
