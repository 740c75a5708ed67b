"""One-click remote help: approved scripts, run on allowed targets, with their evidence on the ticket."""
