"""Models, their training step as a straight-line program, and training: standard library only, pure."""
