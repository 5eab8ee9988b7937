"""The formats: one file each, what tells it and what reads it."""
