"""The command line: `firstline`."""


def main() -> int:
    return 0
