"""The figures that the README quotes, measured here and now: `python -m benchmarks`."""
