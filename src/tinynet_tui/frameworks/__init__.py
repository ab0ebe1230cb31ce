"""What the frameworks that are installed make of the same update; each works in a process of its own."""
