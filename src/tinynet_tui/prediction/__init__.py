"""Prediction before reveal: what is asked about a step, how an answer is judged, and how it went."""
