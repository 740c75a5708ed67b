"""The mailboxes and other ways in and out: how each fares, their settings, and whether they work."""
