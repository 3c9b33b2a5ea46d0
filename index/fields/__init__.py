"""Fields: what an article says of itself, each read by one module, with where it was read."""
