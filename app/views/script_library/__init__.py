"""What administrators see of remote help: scripts and who let them run, connections, and pinned host keys."""
