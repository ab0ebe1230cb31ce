"""What keeps foreign text from steering a terminal, half a file from taking a whole one's place; refusals."""
