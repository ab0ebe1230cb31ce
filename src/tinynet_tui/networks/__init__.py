"""Builders of forward passes: each makes a `Model` of the engine from a shape or from text."""
