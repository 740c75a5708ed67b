"""What goes out: stored with the change it tells of, sent once by whoever holds the lease."""
