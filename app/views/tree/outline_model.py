"""A tree's steps as an outline: each once, below the first that leads to it. Pure."""

from dataclasses import dataclass

from app.models.records.trees import EdgeKind, Tree


@dataclass(frozen=True, slots=True)
class Twig:
    """A step with those that it leads to."""

    key: str
    onward: tuple["Twig", ...] = ()


def twigs(tree: Tree) -> tuple[Twig, ...]:
    """From the start; then what no edge reaches. Managers come last below those that tell them."""
    seen: set[str] = set()
    keys = {each.key for each in tree.nodes}

    def grow(key: str) -> Twig:
        edges = (*tree.leaving(key, EdgeKind.FUNCTIONAL), *tree.leaving(key, EdgeKind.HIERARCHIC))
        onward = [each.target for each in edges if each.target in keys]
        grown = []
        for each in dict.fromkeys(onward):
            if each not in seen:
                seen.add(each)
                grown.append(grow(each))
        return Twig(key, tuple(grown))

    found = []
    for root in (tree.start, *(each.key for each in tree.nodes)):
        if root in keys and root not in seen:
            seen.add(root)
            found.append(grow(root))
    return tuple(found)
