"""Filing a call: the message, the ticket, the caller and what follows from it, in one transaction, once."""

from uuid import UUID

from sqlalchemy import insert, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm, FiledCall
from app.models.records.calls import CallOutcome, Direction
from app.models.records.desk import Actor, Level
from app.models.records.mail import Address, MailKind
from app.models.records.people import IdentityKind
from app.models.records.tickets import Answer, MessageKind, Status
from app.models.rules.permissions import Action
from app.models.tables import Application, Call, Identity, Message, Person, Team, Ticket
from app.services.database import Database, Work
from app.services.database.numbers import TicketNumbers
from app.services.database.upsert import insert_new
from app.services.intake.routing import application_record
from app.services.mail.writing import new_reply_token
from app.services.outbox.storing import ANSWER, Letter, queue_mail
from app.services.phone.numbers import looks_like_number, normalised
from app.services.tickets.editing import Edit, Stale, apply_edit, locked, require, touch, with_tags

PHONE, DESK = "phone", "desk"


def file_call(database: Database, actor: Actor, form: CallForm, region: str) -> FiledCall:
    """File the call; one that was filed before is not filed again: where it is, is told.

    `KnownError`: `call.nothing_said` where nothing was typed to be filed, `call.no_mail` where a follow-up is to go to
    somebody without a mail address, and those of the ticket's changes.
    """
    if not (form.subject.strip() or form.text.strip()):
        raise KnownError("call.nothing_said")
    with database.write(actor) as work:
        before = _filed(work, form.id)
        if before is not None:
            return before
        person_id, name = _caller(work, form, region)
        ticket = _ticket(work, form, person_id)
        message_id = _store(work, ticket, form, person_id, name, region)
        ticket_id, number = ticket.id, ticket.number
        _conclude(work, ticket, form)
        if form.follow_up.strip():
            _mail(work, ticket, form, person_id, name)
        work.audit("call.filed", message_id, ticket_id=ticket_id, after={"outcome": form.outcome})
        work.changed("message", message_id, ticket_id)
        return FiledCall(ticket_id, number, form.ticket_id is None)


def _filed(work: Work, call_id: UUID) -> FiledCall | None:
    query = (
        select(Ticket.id, Ticket.number)
        .join(Message, Message.ticket_id == Ticket.id)
        .join(Call, Call.message_id == Message.id)
        .where(Call.id == call_id)
    )
    found = work.session.execute(query).first()
    return FiledCall(found.id, found.number, new=False) if found else None


def _caller(work: Work, form: CallForm, region: str) -> tuple[UUID | None, str]:
    """The person chosen; else one made of the name that was typed, or of the number. Nobody where nothing was."""
    number = normalised(form.who, region) if looks_like_number(form.who) else None
    if form.person_id is not None:
        person = work.session.get(Person, form.person_id)
        if person is None:
            raise KnownError("person.gone")
        if number and form.tie:
            _know_by(work, form.person_id, number)
        return person.id, person.name
    if number:
        known = select(Identity.person_id).where(Identity.kind == IdentityKind.PHONE.value, Identity.value == number)
        owner = work.session.scalar(known)
        if owner is not None:
            return owner, work.session.get_one(Person, owner).name
    name = form.person_name.strip() or form.who.strip()
    if not name:
        return None, ""
    person_id = new_id()
    work.session.execute(insert(Person).values(id=person_id, name=name, notes="", created_at=work.now))
    if number:
        _know_by(work, person_id, number)
    work.changed("person", person_id)
    work.audit("person.added", person_id, after={"name": name})
    return person_id, name


def _know_by(work: Work, person_id: UUID, number: str) -> None:
    """This number is this person's, unless it is somebody's already."""
    row = {"id": new_id(), "person_id": person_id, "kind": IdentityKind.PHONE.value, "value": number}
    insert_new(work.session, Identity, [row])
    work.changed("person", person_id)


def _ticket(work: Work, form: CallForm, person_id: UUID | None) -> Ticket:
    if form.ticket_id is not None:
        ticket = locked(work, Stale(form.ticket_id))
        require(work.actor, Action.REPLY, ticket)
        return ticket
    level, team_id = _place(work, form)
    ticket = Ticket(
        id=new_id(),
        number=TicketNumbers(work.session).next(),
        version=1,
        subject=form.subject.strip() or form.text.strip().splitlines()[0][:120],
        status=Status.OPEN.value,
        priority=int(form.priority),
        level=int(level),
        channel=DESK if form.direction is Direction.WALK_IN else PHONE,
        reply_token=new_reply_token(),
        requester_id=person_id,
        application_id=form.application_id,
        team_id=team_id,
        assignee_id=work.actor.id,
        owner_id=work.actor.id,
        opened_at=form.started_at,
        updated_at=work.now,
        unread=0,
    )
    work.session.add(ticket)
    work.session.flush()
    work.audit("ticket.opened", ticket.id, ticket_id=ticket.id, after={"number": ticket.number})
    return ticket


def _place(work: Work, form: CallForm) -> tuple[Level, UUID | None]:
    """A call is answered by the first level, whatever it is about; its team is that of whoever answers."""
    mine = select(Team).where(Team.id.in_(work.actor.teams)).order_by(Team.level, Team.name).limit(1)
    team = work.session.scalars(mine).first()
    if team is not None:
        return Level(team.level), team.id
    application = work.session.get(Application, form.application_id) if form.application_id else None
    if application is None:
        return Level.L1, None
    return application_record(application).first_level, application.team_id


def _store(work: Work, ticket: Ticket, form: CallForm, person_id: UUID | None, name: str, region: str) -> UUID:
    message_id = new_id()
    number = (normalised(form.who, region) or form.who.strip()) if looks_like_number(form.who) else ""
    work.session.execute(
        insert(Message).values(
            id=message_id,
            ticket_id=ticket.id,
            kind=MessageKind.CALL.value,
            mail_kind=MailKind.MAIL.value,
            at=form.started_at,
            stored_at=work.now,
            author=name,
            person_id=person_id,
            agent_id=work.actor.id,
            to=[],
            cc=[],
            reply_to=[],
            subject=form.subject.strip(),
            text=form.text.strip() or form.subject.strip(),
            folded="",
            reasons=[{"rule": "written_here", "facts": {}}],
        )
    )
    work.session.execute(
        insert(Call).values(
            id=form.id,
            message_id=message_id,
            agent_id=work.actor.id,
            person_id=person_id,
            number=number,
            direction=form.direction.value,
            started_at=form.started_at,
            seconds=form.seconds,
            outcome=form.outcome.value,
        )
    )
    return message_id


def _conclude(work: Work, ticket: Ticket, form: CallForm) -> None:
    """What the call came to: the ticket is solved, is somebody's to do, or goes to another team."""
    if form.outcome is CallOutcome.HANDED_OVER:
        team = work.session.get(Team, form.team_id) if form.team_id else None
        if team is None:
            raise KnownError("call.no_team")
        fields = {"team_id": team.id, "level": team.level, "assignee_id": None, "status": Status.OPEN}
        apply_edit(work, Stale(ticket.id), Edit(Action.CHANGE, fields))
    elif form.outcome is CallOutcome.SOLVED:
        apply_edit(work, Stale(ticket.id), Edit(Action.CHANGE, {"status": Status.SOLVED}))
    else:
        touch(work, ticket)
    if form.category.strip():
        apply_edit(work, Stale(ticket.id), with_tags(add=[form.category]))


def _mail(work: Work, ticket: Ticket, form: CallForm, person_id: UUID | None, name: str) -> None:
    query = select(Identity.value).where(Identity.person_id == person_id, Identity.kind == IdentityKind.MAIL.value)
    address = work.session.scalar(query.order_by(Identity.value).limit(1)) if person_id else None
    if address is None:
        raise KnownError("call.no_mail", name=name)
    to = (Address(address, name),)
    written = Answer(to, (), ticket.subject, form.follow_up.strip())
    queue_mail(work, ticket, Letter(ANSWER, written))
