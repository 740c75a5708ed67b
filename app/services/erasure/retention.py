"""Erasing the words of what was closed long ago. Tickets stay as the statistics count them: when, whose, how soon."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models.records.desk import Actor
from app.models.records.erasure import Erased
from app.models.records.tickets import Delivery, Status
from app.models.tables import Attachment, Call, Message, Outbox, Participant, Ticket
from app.services.audit.verifying import RETIRED
from app.services.database import Database
from app.services.database.unit_of_work import Work
from app.services.erasure import entries, traces

TICKETS_AT_ONCE = 200
_WORDS = frozenset({"subject", "to", "joined", "text", "name"})
"""The fields of the audit that hold what somebody wrote, or to whom."""


def retire(database: Database, actor: Actor, age: timedelta, word: str, *, dry_run: bool = False) -> Erased:
    """Put `word` for every text, author, address and file of tickets that were closed longer than `age` ago.

    Who asked stays known: erasing a person is `people.erase`. Some tickets at a time, so that desks go on between;
    killed anywhere, the next goes on. Tickets with a mail that is still to be sent wait. `NotAllowed` as in
    `traces.require`.
    """
    traces.require(database, actor)
    told, last, is_first = Erased(), UUID(int=0), True
    while True:
        try:
            with database.write(actor) as work:
                traces.overwrite_what_goes(work.session)
                tickets = _old(work, age, last)
                if not tickets:
                    break
                _retire_some(work, tickets, word, told)
                if dry_run:
                    raise traces.Unwanted
        except traces.Unwanted:
            pass
        last, is_first = tickets[-1], False
    if not dry_run and not is_first:
        traces.leave_nothing(database, actor)
    return told


def _old(work: Work, age: timedelta, after: UUID) -> list[UUID]:
    waiting = select(Outbox.id).where(
        Outbox.ticket_id == Ticket.id, Outbox.state.in_((Delivery.QUEUED.value, Delivery.SENDING.value))
    )
    query = (
        select(Ticket.id)
        .where(
            Ticket.id > after,
            Ticket.status == Status.CLOSED.value,
            Ticket.closed_at < work.now - age,
            Ticket.erased_at.is_(None),
            ~waiting.exists(),
        )
        .order_by(Ticket.id)
        .limit(TICKETS_AT_ONCE)
        .with_for_update()
    )
    return list(work.session.scalars(query))


def _retire_some(work: Work, tickets: list[UUID], word: str, told: Erased) -> None:
    session = work.session
    messages = list(session.scalars(select(Message.id).where(Message.ticket_id.in_(tickets))))
    files: list[tuple[UUID, str]] = []
    for some in traces.some_of(messages):
        query = select(Attachment.id, Attachment.sha256).where(Attachment.message_id.in_(some))
        files += [(each.id, each.sha256) for each in session.execute(query)]
        session.execute(update(Call).where(Call.message_id.in_(some)).values(number=""))
    told.files += len(files)
    told.blobs += traces.drop_files(session, files)
    _without_words(session, tickets, word)
    traces.search_anew(session, messages)
    told.mails += traces.raw_of(session, tickets)
    session.execute(delete(Participant).where(Participant.ticket_id.in_(tickets)))
    values = {"subject": word, "version": Ticket.version + 1, "erased_at": work.now}
    session.execute(update(Ticket).where(Ticket.id.in_(tickets)).values(**values))
    changed = entries.erase_words(session, tickets, _WORDS, word)
    work.audit(RETIRED, None, after={"tickets": tickets, "entries": changed})
    for each in tickets:
        work.changed("ticket", each, each)
    told.tickets += len(tickets)
    told.messages += len(messages)
    told.entries += len(changed)


def _without_words(session: Session, tickets: list[UUID], word: str) -> None:
    here = Message.ticket_id.in_(tickets)
    nothing: dict[str, object] = {"to": [], "cc": [], "reply_to": [], "author_address": None, "reasons": []}
    values = {"subject": "", "text": word, "folded": "", "html": None, **nothing}
    session.execute(update(Message).where(here).values(**values))
    session.execute(update(Message).where(here, Message.agent_id.is_(None)).values(author=word))
    sent: dict[str, object] = {"recipients": [], "problem_facts": {}}
    session.execute(update(Outbox).where(Outbox.ticket_id.in_(tickets)).values(**sent))
