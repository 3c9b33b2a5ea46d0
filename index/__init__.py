"""Finds passages: reading, cleaning, chunking, embedding, storing and searching articles."""
