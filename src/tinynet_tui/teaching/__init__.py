"""The words beside the numbers: what each step is, and why."""
