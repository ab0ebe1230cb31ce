"""A class: a room that shares a place, who is in it, and the ways to it."""
