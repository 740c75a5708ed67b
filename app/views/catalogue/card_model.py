"""What is said of an application's card. Pure: it needs no widget."""

from uuid import UUID

from app.models.records.applications import ApplicationCard, ApplicationKind, Duty
from app.models.records.desk import Audience, Level, SupportModel
from app.services.trees.templates import template_name
from app.services.wording import tr


def people_of(card: ApplicationCard, duty: Duty) -> frozenset[UUID]:
    """Who does this for it."""
    return frozenset(who for who, what in card.people if what is duty)


def card_words(card: ApplicationCard) -> str:
    """The line below its name."""
    told = (tr(f"application_kind.{card.kind}"), tr(f"audience.{card.audience}"), tr(f"criticality.{card.criticality}"))
    return "   ·   ".join(told)


def template_words(card: ApplicationCard, *, own_tree: bool) -> str:
    """Which tree it has, or would have by its kind, its audience and its support model."""
    if own_tree:
        return tr("catalogue_page.own_tree")
    if card.support_model is SupportModel.SWARM:
        return tr("catalogue_page.swarm_template")
    level = Level.L1 if card.audience is Audience.CUSTOMER else Level.L2
    kind = ApplicationKind(template_name(card.kind, card.support_model))
    return tr("catalogue_page.template", kind=tr(f"application_kind.{kind}"), level=level.name)
