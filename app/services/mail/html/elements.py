"""How lists of elements, attributes and properties are written in this package: as one line of words."""


def named(words: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(words.split())
