"""Nouns and pure rules: no input, no output, no Qt."""
