"""The network, its training step as a straight-line program, and training: standard library only, pure."""
