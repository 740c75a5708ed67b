"""The cards of applications. Supervisors keep them; what an application is called, where its requests start and who may
see them is an administrator's to say."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.models.errors import KnownError, NotAllowed
from app.models.records.applications import ApplicationCard, ApplicationKind, Criticality, Duty
from app.models.records.desk import Actor, Audience, SupportModel
from app.models.rules.permissions import Action, may
from app.models.tables import Application, ApplicationPerson, Ticket
from app.services.database import Database, Work
from app.services.sla.keeping import keep_open

_ADMINISTERED = ("name", "team_id", "restricted")
_LINKS = ("http", "https")


def listed(database: Database) -> list[ApplicationCard]:
    """All applications by name."""
    with database.read() as session:
        people: dict[UUID, list[tuple[UUID, Duty]]] = {}
        for each in session.scalars(select(ApplicationPerson)):
            people.setdefault(each.application_id, []).append((each.agent_id, Duty(each.duty)))
        rows = session.scalars(select(Application).order_by(Application.name))
        return [_card(each, people.get(each.id, ())) for each in rows]


def save(database: Database, actor: Actor, card: ApplicationCard) -> None:
    """Add an application or change it. With its hours the clocks of its open tickets follow.

    `KnownError` `application.no_name`, `application.name_taken`, `application.bad_runbook`; `NotAllowed` for who does
    not arrange, and `not_allowed.administer` for a new one, another name, first team or restriction.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    values = _values(card)
    try:
        with database.write(actor) as work:
            row = work.session.get(Application, card.id)
            before = _row_values(row) if row is not None else {}
            differing = [name for name, value in values.items() if before.get(name) != value or row is None]
            _may_change(actor, differing, is_new=row is None)
            if row is None:
                work.session.add(Application(id=card.id, **values))
            else:
                for name in differing:
                    setattr(row, name, values[name])
            work.session.flush()
            people = _put_people(work, card)
            if row is not None and "calendar_id" in differing:
                keep_open(work, Ticket.application_id == card.id)
            _tell(work, card, {name: before.get(name) for name in differing}, people)
    except IntegrityError as error:
        raise KnownError("application.name_taken", name=card.name) from error


def _may_change(actor: Actor, differing: Iterable[str], *, is_new: bool) -> None:
    if (is_new or not set(_ADMINISTERED).isdisjoint(differing)) and not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")


def _put_people(work: Work, card: ApplicationCard) -> bool:
    """Whether somebody else does something for it now."""
    theirs = ApplicationPerson.application_id == card.id
    known = {(each.agent_id, Duty(each.duty)) for each in work.session.scalars(select(ApplicationPerson).where(theirs))}
    wanted = set(card.people)
    if known == wanted:
        return False
    work.session.execute(delete(ApplicationPerson).where(theirs))
    rows = [{"application_id": card.id, "agent_id": who, "duty": duty.value} for who, duty in sorted(wanted)]
    if rows:
        work.session.execute(insert(ApplicationPerson), rows)
    return True


def _tell(work: Work, card: ApplicationCard, before: dict[str, Any], people: bool) -> None:
    if not before and not people:
        return
    after = {name: value for name, value in _values(card).items() if name in before}
    if people:
        after["people"] = [f"{who} {duty.value}" for who, duty in card.people]
    work.changed("application", card.id)
    work.audit("application.saved", card.id, before=before, after=after)


def _values(card: ApplicationCard) -> dict[str, Any]:
    """The columns of a card, checked."""
    name, runbook = card.name.strip(), card.runbook.strip()
    if not name:
        raise KnownError("application.no_name")
    if runbook and (urlsplit(runbook).scheme not in _LINKS or not urlsplit(runbook).netloc):
        raise KnownError("application.bad_runbook", link=runbook)
    return {
        "name": name,
        "audience": card.audience.value,
        "support_model": card.support_model.value,
        "kind": card.kind.value,
        "criticality": int(card.criticality),
        "team_id": card.team_id,
        "calendar_id": card.calendar_id,
        "vendor_id": card.vendor_id,
        "runbook": runbook,
        "restricted": card.restricted,
    }


def _row_values(row: Application) -> dict[str, Any]:
    return _values(_card(row, ()))


def _card(row: Application, people: Iterable[tuple[UUID, Duty]]) -> ApplicationCard:
    return ApplicationCard(
        row.id,
        row.name,
        Audience(row.audience),
        SupportModel(row.support_model),
        ApplicationKind(row.kind),
        Criticality(row.criticality),
        row.team_id,
        row.calendar_id,
        row.vendor_id,
        row.runbook,
        row.restricted,
        tuple(sorted(people)),
    )
