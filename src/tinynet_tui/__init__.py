"""A tiny neural network whose every training step can be walked through in the terminal."""
