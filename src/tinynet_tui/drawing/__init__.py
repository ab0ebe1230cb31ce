"""Pure drawings: a moment in, a picture out. No terminal, no app."""
