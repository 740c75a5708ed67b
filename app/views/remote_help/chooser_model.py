"""Scripts as they are chosen from: shelves, and what stands on them. Pure: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.records.scripts import Category, Words
from app.services.remote_help.offering import Offer, Offered
from app.services.wording import language, tr, tr_error
from app.views.kit.matching import match
from app.views.remote_help.model import counted_words, name_of, reason_words, risk_words

PROPOSED, ALL = "proposed", "all"


@dataclass(frozen=True, slots=True)
class Shelf:
    """`key` is a category, or one of the two names above."""

    key: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """A script on a shelf. `detail` says why it is proposed, or what it does; `why_not` why it cannot be had."""

    offered: Offered
    name: str
    risk: str
    detail: str
    why_not: str
    places: tuple[int, ...] = ()


def shelves(offer: Offer) -> list[Shelf]:
    """Those that hold anything: what is proposed, all, then by category."""
    proposed = sum(1 for each in offer.scripts if each.proposal is not None)
    found = [Shelf(PROPOSED, tr("remote_shelf.proposed"), proposed)] if proposed else []
    if offer.scripts:
        found.append(Shelf(ALL, tr("remote_shelf.all"), len(offer.scripts)))
    for category in Category:
        count = sum(1 for each in offer.scripts if each.manifest.category is category)
        if count:
            found.append(Shelf(category.value, tr(f"remote_shelf.{category.value}"), count))
    return found


def lines(offer: Offer, shelf: str, typed: str) -> list[Line]:
    """What stands there and fits what was typed, the best first. Whoever types looks on all shelves."""
    words = typed.strip()
    there = [each for each in offer.scripts if words or _on(each, shelf)]
    found = []
    for place, each in enumerate(there):
        name = name_of(each.manifest)
        hit = match(words, name)
        other = match(words, f"{name} {each.manifest.id} {_about(each)}") if hit is None else None
        if hit is not None or (other is not None and words):
            score = hit.score + 1000 if hit is not None else 0.0
            found.append((-score if words else 0.0, place, _line(each, name, hit.places if hit is not None else ())))
    return [line for _, _, line in sorted(found, key=lambda each: each[:2])]


def empty_words(offer: Offer, typed: str) -> tuple[str, str]:
    """Why nothing is shown, and what can be done about it."""
    if typed.strip():
        return tr("remote_view.nothing_found"), tr("remote_view.nothing_found_hint")
    if offer.unapproved:
        return tr("remote_view.none_approved"), tr("remote_view.none_approved_hint", count=offer.unapproved)
    return tr("remote_view.none"), tr("remote_view.none_hint")


def about_words(line: Line) -> str:
    """What the chosen one does, and to what."""
    words = _words(line.offered)
    told = [words.description, tr("remote_view.changes", changes=words.changes, undo=words.undo)]
    told += [line.why_not] if line.why_not else []
    counted = counted_words(line.offered.counted)
    return "\n".join([*told, *([counted] if counted else [])])


def spoken(line: Line) -> str:
    """For a screen reader."""
    return ", ".join(filter(None, (line.name, line.risk, line.detail, line.why_not)))


def proposed(offer: Offer, most: int) -> Sequence[Offered]:
    """The best that may be run."""
    return [each for each in offer.scripts if each.proposal is not None and each.why_not is None][:most]


def _on(offered: Offered, shelf: str) -> bool:
    if shelf == PROPOSED:
        return offered.proposal is not None
    return shelf in (ALL, offered.manifest.category.value)


def _line(offered: Offered, name: str, places: tuple[int, ...]) -> Line:
    told = [reason_words(offered.proposal), counted_words(offered.counted)]
    detail = "  ·  ".join(filter(None, told)) if told[0] else _words(offered).description
    why_not = tr_error(offered.why_not) if offered.why_not is not None else ""
    return Line(offered, name, risk_words(offered.manifest), detail, why_not, places)


def _about(offered: Offered) -> str:
    """What it does, its shelf, and the words that it is proposed for: people have several for one thing."""
    proposed_for = offered.manifest.proposed.words.get(language(), ())
    shelf = tr(f"remote_shelf.{offered.manifest.category.value}")
    return " ".join((_words(offered).description, shelf, *proposed_for))


def _words(offered: Offered) -> Words:
    return offered.manifest.words(language())
