"""What the dialog of texts shows. Pure: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.desk import Actor, Role, Team
from app.services.signatures import Signature
from app.services.wording import tr


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts that a person may see, and all signatures."""

    replies: tuple[Canned, ...] = ()
    signatures: tuple[Signature, ...] = ()
    teams: tuple[Team, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a text is for."""

    words: str
    team_id: UUID | None
    agent_id: UUID | None


def audiences(actor: Actor, teams: Sequence[Team]) -> list[Audience]:
    """Those for whom the actor may write a text; oneself first."""
    mine = [Audience(tr("texts.for_me"), None, actor.id)]
    if actor.role is Role.AGENT:
        return mine
    shared = [Audience(tr("texts.for_team", team=each.name), each.id, None) for each in teams]
    return [*mine, Audience(tr("texts.for_all"), None, None), *shared]


def audience_words(reply: Canned, teams: Sequence[Team]) -> str:
    """Whom it is for, in words."""
    if reply.agent_id is not None:
        return tr("texts.for_me")
    return next((each.name for each in teams if each.id == reply.team_id), tr("texts.for_all"))


def empty_reply(actor: Actor) -> Canned:
    return Canned(new_id(), "", "", "", None, actor.id)
