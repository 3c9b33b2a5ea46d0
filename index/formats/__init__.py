"""Formats: one small reader for each, from the bytes of a file to a document."""
