"""The cards of applications. Supervisors keep them; what an application is called, where its requests start and who may
see them is an administrator's to say."""

from collections.abc import Iterable, Mapping
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
from app.services.applications.merging import onto
from app.services.database import Database, Work
from app.services.sla.keeping import keep_open

_ADMINISTERED = ("name", "team_id", "restricted")
_LINKS = ("http", "https")


def listed(database: Database) -> list[ApplicationCard]:
    """All applications by name."""
    with database.read() as session:
        people: dict[UUID, list[ApplicationPerson]] = {}
        for each in session.scalars(select(ApplicationPerson)):
            people.setdefault(each.application_id, []).append(each)
        rows = session.scalars(select(Application).order_by(Application.name))
        return [card_record(each, people.get(each.id, ())) for each in rows]


def save(database: Database, actor: Actor, card: ApplicationCard, seen: ApplicationCard | None = None) -> None:
    """Add an application or change it: where it was `seen` before, only what was changed since. With its hours the
    clocks of its open tickets follow.

    `KnownError` `application.no_name`, `application.name_taken`, `application.bad_runbook`; `NotAllowed` for who does
    not arrange, and `not_allowed.administer` for a new one, another name, first team or restriction.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    try:
        with database.write(actor) as work:
            row = work.session.get(Application, card.id)
            if row is not None and seen is not None:
                card = onto(card_record(row, _people(work, card.id)), seen, card)
            _may_change(actor, _differing(row, _values(card)), is_new=row is None)
            put_card(work, card)
    except IntegrityError as error:
        raise KnownError("application.name_taken", name=card.name) from error


def put_card(work: Work, card: ApplicationCard) -> None:
    """As `save`, within a write of something larger, by somebody who may."""
    row, values = work.session.get(Application, card.id), _values(card)
    before = _differing(row, values)
    if row is None:
        work.session.add(Application(id=card.id, **values))
    else:
        for name in before:
            setattr(row, name, values[name])
    work.session.flush()
    people = _put_people(work, card)
    if row is not None and "calendar_id" in before:
        keep_open(work, Ticket.application_id == card.id)
    _tell(work, card, before, people)


def _differing(row: Application | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is not yet as it is to be, with what it was; None where it was not there."""
    known = _values(card_record(row, ())) if row is not None else {}
    return {name: known.get(name) for name, value in values.items() if row is None or known[name] != value}


def _may_change(actor: Actor, differing: Iterable[str], *, is_new: bool) -> None:
    if (is_new or not set(_ADMINISTERED).isdisjoint(differing)) and not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")


def _put_people(work: Work, card: ApplicationCard) -> bool:
    """Whether somebody else does something for it now."""
    known = {(each.agent_id, Duty(each.duty)) for each in _people(work, card.id)}
    wanted = set(card.people)
    if known == wanted:
        return False
    work.session.execute(delete(ApplicationPerson).where(ApplicationPerson.application_id == card.id))
    rows = [{"application_id": card.id, "agent_id": who, "duty": duty.value} for who, duty in sorted(wanted)]
    if rows:
        work.session.execute(insert(ApplicationPerson), rows)
    return True


def _people(work: Work, application_id: UUID) -> list[ApplicationPerson]:
    theirs = ApplicationPerson.application_id == application_id
    return list(work.session.scalars(select(ApplicationPerson).where(theirs)))


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


def card_record(row: Application, people: Iterable[ApplicationPerson]) -> ApplicationCard:
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
        tuple(sorted((each.agent_id, Duty(each.duty)) for each in people)),
    )
