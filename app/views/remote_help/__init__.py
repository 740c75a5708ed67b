"""Scripts that help from afar, chosen, filled in, watched and stopped in the window."""
