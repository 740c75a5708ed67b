"""Erasing a person: their name, addresses, numbers, words and files, wherever the desk keeps them.

Tickets stay with their times, categories and answers, so that every count is what it was. All of it is one
transaction, and what it took from the audit is told by an entry that the audit's verification goes by.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.erasure import Erased
from app.models.records.people import PersonFound
from app.models.tables import Attachment, Call, Identity, Message, Outbox, Participant, Person, Quarantine, Ticket
from app.services import people
from app.services.audit.verifying import ERASED
from app.services.database import Database
from app.services.database.unit_of_work import Work
from app.services.erasure import entries, traces
from app.services.erasure.scope import Scope, look


def find(database: Database, told: str) -> PersonFound:
    """Whoever has this address, number, handle, id or whole name; `KnownError` `erasure.unknown`, `.several`."""
    told = told.strip()
    with database.read() as session:
        found = set(session.scalars(select(Identity.person_id).where(Identity.value.in_((told, told.lower())))))
        try:
            found |= set(session.scalars(select(Person.id).where(Person.id == UUID(told))))
        except ValueError:
            found = found or set(session.scalars(select(Person.id).where(Person.name == told).limit(5)))
    if not found:
        raise KnownError("erasure.unknown", told=told)
    if len(found) > 1:
        raise KnownError("erasure.several", told=told, people=", ".join(sorted(map(str, found))))
    return people.of_ids(database, list(found))[0]


def erase(
    database: Database, actor: Actor, person_id: UUID, word: str, *, subjects: bool = False, dry_run: bool = False
) -> Erased:
    """Put `word` in the place of a person. Subject lines stay without them, and with `subjects` not at all.

    A second time there is nothing left to do, and nothing is written. `KnownError` `erasure.unknown`,
    `erasure.mail_waits`; `NotAllowed` as in `traces.require`.
    """
    traces.require(database, actor)
    told = Erased(person_id)
    seen = _looked_through(database, person_id, word)
    try:
        with database.write(actor) as work:
            traces.overwrite_what_goes(work.session)
            _Erasing(work, person_id, word, told, subjects=subjects).run(seen)
            if dry_run or not _is_anything(told):
                raise traces.Unwanted
    except traces.Unwanted:
        return told
    traces.leave_nothing(database, actor)
    return told


def _looked_through(database: Database, person_id: UUID, word: str) -> entries.Seen:
    """The audit is long: it is read before the write, which then looks only at what came since."""
    with database.read() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise KnownError("erasure.unknown", told=person_id)
        return entries.seen(session, look(session, person, word))


def _is_anything(told: Erased) -> bool:
    return any((told.messages, told.mentions, told.files, told.mails, told.identities, told.entries))


class _Erasing:
    """One person, in one transaction."""

    def __init__(self, work: Work, person_id: UUID, word: str, told: Erased, *, subjects: bool) -> None:
        person = work.session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise KnownError("erasure.unknown", told=person_id)
        self._work, self._session, self._person, self._told = work, work.session, person, told
        self._scope: Scope = look(work.session, person, word)
        self._redaction, self._word, self._with_subjects = self._scope.redaction, word, subjects

    def run(self, seen: entries.Seen) -> None:
        traces.nothing_waits(self._session, self._scope.tickets)
        touched: set[UUID] = set()
        for some in traces.some_of(sorted(self._scope.tickets)):
            touched |= self._messages(some)
            self._mails(some)
            self._subjects(some)
        self._files()
        traces.search_anew(self._session, touched)
        self._quarantined()
        changed = entries.erase(self._session, self._scope, seen)
        self._themselves()
        self._told.entries = len(changed)
        for each in self._scope.tickets:
            self._work.changed("ticket", each, each)
        self._work.changed("person", self._person.id)
        if _is_anything(self._told):
            self._work.audit(ERASED, self._person.id, after={"entries": changed})

    def _messages(self, tickets: Sequence[UUID]) -> set[UUID]:
        values: dict[UUID, dict[str, object]] = {}
        for row in self._session.execute(_said().where(Message.ticket_id.in_(tickets))):
            fields = row._asdict()
            message_id, ticket_id, agent = fields.pop("id"), fields.pop("ticket_id"), fields.pop("agent_id")
            own = message_id in self._scope.own
            after = self._own(fields) if own else self._others(fields, asked=ticket_id in self._scope.asked)
            if self._with_subjects and ticket_id in self._scope.asked and fields["subject"]:
                after["subject"] = self._word
            if agent is not None and not own:
                after["author"] = fields["author"]  # colleagues keep their names, whoever else is called so
            differing = {name: each for name, each in after.items() if each != fields[name]}
            if differing:
                values[message_id] = differing
                self._told.messages += own
                self._told.mentions += not own
        traces.rewrite(self._session, values)
        return set(values)

    def _own(self, fields: dict[str, object]) -> dict[str, object]:
        """Of what they wrote nothing stays but that they did, when, and to whom of us."""
        after = {name: self._redaction.value(each, about_them=True) for name, each in fields.items()}
        told = self._word if fields["text"] else ""
        after |= {
            "author": self._word,
            "author_address": None,
            "reply_to": [],
            "text": told,
            "folded": "",
            "html": None,
        }
        if after["mail_id"] != fields["mail_id"]:
            after["mail_id"] = None
        return after

    def _others(self, fields: dict[str, object], *, asked: bool) -> dict[str, object]:
        """What others said stays without them; what is quoted below it in their own tickets is theirs, and goes."""
        after = {name: self._redaction.value(each, about_them=asked) for name, each in fields.items()}
        if asked and fields["folded"]:
            after |= {"folded": "", "html": None}
        elif after["html"] != fields["html"]:
            after["html"] = None  # a page may hide an address from us where it shows it: the text is kept
        if after["mail_id"] != fields["mail_id"]:
            after["mail_id"] = None
        return after

    def _mails(self, tickets: Sequence[UUID]) -> None:
        query = select(Outbox.id, Outbox.ticket_id, Outbox.recipients, Outbox.problem_facts)
        theirs = [each for each in tickets if each in self._scope.asked]
        values = []
        for row in self._session.execute(query.where(Outbox.ticket_id.in_(tickets))):
            after = {
                name: self._redaction.value(getattr(row, name), about_them=True)
                for name in ("recipients", "problem_facts")
            }
            if after["recipients"] != row.recipients:
                theirs.append(row.ticket_id)
            if (after["recipients"], after["problem_facts"]) != (row.recipients, row.problem_facts):
                values.append({"id": row.id, **after})
        if values:
            self._session.execute(update(Outbox), values)
        self._told.mails += traces.raw_of(self._session, set(theirs))
        there = (Participant.ticket_id.in_(tickets), Participant.address.in_(self._redaction.addresses))
        self._session.execute(delete(Participant).where(*there))

    def _subjects(self, tickets: Sequence[UUID]) -> None:
        for row in self._session.execute(select(Ticket.id, Ticket.subject).where(Ticket.id.in_(tickets))).all():
            asked = row.id in self._scope.asked
            after = self._redaction.text(row.subject, about_them=asked)
            if self._with_subjects and asked and row.subject:
                after = self._word
            if after != row.subject:
                values = {"subject": after, "version": Ticket.version + 1}
                self._session.execute(update(Ticket).where(Ticket.id == row.id).values(**values))
                self._told.tickets += 1

    def _files(self) -> None:
        """Theirs, and the same bytes wherever they were passed on within their tickets."""
        theirs: list[tuple[UUID, str]] = []
        for some in traces.some_of(self._scope.own):
            query = select(Attachment.id, Attachment.sha256).where(Attachment.message_id.in_(some))
            theirs += [(each.id, each.sha256) for each in self._session.execute(query)]
        known = {each for each, _ in theirs}
        for some in traces.some_of({sha256 for _, sha256 in theirs}):
            passed_on = select(Attachment.id, Attachment.sha256, Message.ticket_id)
            passed_on = passed_on.join(Message, Message.id == Attachment.message_id)
            for each in self._session.execute(passed_on.where(Attachment.sha256.in_(some))):
                if each.ticket_id in self._scope.asked and each.id not in known:
                    theirs.append((each.id, each.sha256))
        self._told.files = len(theirs)
        self._told.blobs = traces.drop_files(self._session, theirs)

    def _quarantined(self) -> None:
        """Mails that could not be read are theirs if their bytes have an address of theirs."""
        addresses = [each.encode() for each in self._redaction.addresses]
        query = select(Quarantine.id, Quarantine.raw, Quarantine.facts).execution_options(yield_per=20)
        for row in self._session.execute(query):
            facts = self._redaction.value(row.facts, about_them=False)
            raw = row.raw
            if raw is not None and any(each in raw.lower() for each in addresses):
                raw = None
            if (raw, facts) != (row.raw, row.facts):
                changed = update(Quarantine).where(Quarantine.id == row.id).values(raw=raw, facts=facts)
                self._session.execute(changed)
                self._told.mails += 1

    def _themselves(self) -> None:
        person = self._person.id
        query = select(func.count()).where(Identity.person_id == person)
        self._told.identities = (self._session.scalar(query) or 0) + (self._person.name != self._word)
        self._session.execute(delete(Identity).where(Identity.person_id == person))
        self._session.execute(update(Call).where(Call.person_id == person).values(number=""))
        self._session.execute(update(Person).where(Person.id == person).values(name=self._word, notes=""))


_FIELDS = (
    "author",
    "author_address",
    "to",
    "cc",
    "reply_to",
    "subject",
    "text",
    "folded",
    "html",
    "mail_id",
    "reasons",
)


def _said() -> Select[*tuple[Any, ...]]:
    return select(Message.id, Message.ticket_id, Message.agent_id, *(getattr(Message, each) for each in _FIELDS))
