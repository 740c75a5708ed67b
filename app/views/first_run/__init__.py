"""The first run: a look around, or a desk of one's own."""
