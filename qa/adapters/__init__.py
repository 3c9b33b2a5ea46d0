"""Wence inside other frameworks: each adapter needs the extra of its name, and is imported by itself."""
