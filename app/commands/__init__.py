"""The command line's commands, one file each: `add_parser` declares it, `run` does it."""
