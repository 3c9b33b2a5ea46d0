"""Trains the bundled models from public data; not needed at run time."""
