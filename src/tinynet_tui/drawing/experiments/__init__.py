"""Drawings of the experiments: pure functions from a view and its results to a picture; one file for each."""
