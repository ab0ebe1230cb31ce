"""Where the learner is: one frozen value, and the one function that changes it."""
