"""Things in a row as near to where they want to be as the distances between them allow."""

from collections.abc import Sequence


def spread(
    wanted: Sequence[float], distances: Sequence[float], within: tuple[float, float] | None = None
) -> list[float]:
    """The places, each at least the distance after the one before, with the least sum of squared shifts.

    `within` are the least and the greatest place there is; the row must fit between them. Without the distances it is
    a regression to a rising row, solved exactly by pooling neighbours that are the wrong way round (Ayer and others,
    1955); cutting it off at the bounds keeps it the best one.
    """
    ahead = [0.0]
    for each in distances:
        ahead.append(ahead[-1] + each)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, ahead, strict=False):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before = pools.pop()
            total, count = total + before[0], count + before[1]
        pools.append((total, count))
    places = [total / count for total, count in pools for _ in range(count)]
    if within is not None:
        least, greatest = within[0], within[1] - ahead[-1]
        places = [max(least, min(greatest, each)) for each in places]
    return [place + offset for place, offset in zip(places, ahead, strict=False)]
