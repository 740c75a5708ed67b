"""Two at once on one ticket: what the other did, and what to keep of it."""
