"""Tests of the builders of models."""
