"""What is known of the mails of one batch: the threads, people and fingerprints that the rules ask about.

It also takes in what the batch itself adds, so that an answer finds the mail that came just before it.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from app.models.records.intake import Seen, Thread
from app.models.records.mail import Mail


@dataclass(frozen=True, slots=True)
class Requester:
    """A person we know by a mail address."""

    person_id: UUID
    name: str


@dataclass
class Recent:
    """What a person's mails led to in the last hour."""

    tickets: int = 0
    acknowledgements: int = 0


@dataclass
class Known:
    """A `models.records.intake.Correspondence`, and the people and fingerprints besides.

    `tickets_by_number` leads to the ticket that took the numbered one in, where it was merged.
    """

    threads: dict[UUID, Thread] = field(default_factory=dict)
    tickets_by_mail: dict[str, UUID] = field(default_factory=dict)
    tickets_by_number: dict[int, UUID] = field(default_factory=dict)
    reply_tokens: dict[int, str] = field(default_factory=dict)
    fingerprints: dict[str, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    people: dict[str, Requester] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    recent: dict[UUID, Recent] = field(default_factory=lambda: defaultdict(Recent))

    def thread_of_mail(self, mail_id: str) -> Thread | None:
        ticket_id = self.tickets_by_mail.get(mail_id)
        return self.threads.get(ticket_id) if ticket_id else None

    def thread_of_number(self, number: int) -> Thread | None:
        ticket_id = self.tickets_by_number.get(number)
        return self.threads.get(ticket_id) if ticket_id else None

    def reply_token(self, number: int) -> str | None:
        return self.reply_tokens.get(number)

    def seen(self, mail: Mail) -> Seen:
        """What the rules look at beside the mail itself."""
        mail_id = identity(mail)
        mark = fingerprint(mail)
        person = self.people.get(mail.sender.address.lower()) if mail.sender else None
        recent = self.recent[person.person_id] if person else Recent()
        duplicate = mark in self.fingerprints[mail_id]
        return Seen(mark, mail_id, duplicate, recent.tickets, recent.acknowledgements)

    def add_mail(self, seen: Seen, thread: Thread) -> None:
        """A mail of this batch was filed on `thread`; the newest of its id is what an answer means."""
        self.threads[thread.id] = thread
        self.tickets_by_number[thread.number] = thread.id
        self.tickets_by_mail[seen.mail_id] = thread.id
        self.fingerprints[seen.mail_id].add(seen.fingerprint)


def identity(mail: Mail) -> str:
    """Its Message-ID; a mail that came without one is known by what it says and by the way it came (its `Received`).

    Not by its bytes: Exchange gives out the same mail in other bytes by EWS than by Graph.
    """
    return mail.message_id or f"{_hash(_trace(mail))[:40]}@no-message-id.invalid"


def fingerprint(mail: Mail) -> str:
    """Tells one mail seen in two mailboxes from two mails that share a Message-ID."""
    return _hash(_written(mail))[:32]


def _written(mail: Mail) -> list[str]:
    return [mail.sender.address if mail.sender else "", str(mail.date), mail.subject]


def _trace(mail: Mail) -> list[str]:
    people = [each.address for each in (*mail.to, *mail.cc)]
    files = sorted(f"{each.name} {each.sha256}" for each in mail.attachments)
    stamps = (" ".join(each.split()) for each in mail.headers.get("received", ()))
    named = [mail.kind.value, *mail.in_reply_to, *mail.references, *people]
    return [*_written(mail), *named, " ".join(mail.text.split()), *files, *stamps]


def _hash(told: list[str]) -> str:
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()
