"""The program of an update as data and documents: one file per format."""
