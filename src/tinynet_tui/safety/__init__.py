"""What keeps foreign text from steering a terminal, and half a file from taking the place of a whole one."""
