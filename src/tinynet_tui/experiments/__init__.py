"""Many trainings side by side: learning rates, initial values, dead ReLUs, sensitivity; pure functions."""
