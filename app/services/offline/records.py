"""What waits on this machine to be filed, and how the journal keeps it. Instants are aware UTC."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor
from app.models.records.tickets import NewAttachment, NewNote
from app.services.database.unit_of_work import plain
from app.services.journal.calls import form_of, told_of


@dataclass(frozen=True, slots=True)
class TicketNote:
    """A note and the ticket it is for, as that was when it was written."""

    ticket_id: UUID
    number: int
    title: str
    was_done: bool
    note: NewNote


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A finished call or note. `by` is who wrote it: nobody else files it. `refused` tells why it cannot be filed."""

    by: UUID
    by_name: str
    at: datetime
    what: CallForm | TicketNote
    region: str = ""
    refused: KnownError | None = None

    @classmethod
    def of(cls, actor: Actor, at: datetime, what: CallForm | TicketNote, region: str = "") -> "Unfiled":
        """What `actor` finished just now."""
        assert actor.id is not None
        return cls(actor.id, actor.name, at, what, region)

    @property
    def id(self) -> UUID:
        """What it was born with, and has in the database."""
        return self.what.note.id if isinstance(self.what, TicketNote) else self.what.id

    @property
    def text(self) -> str:
        """All that was written, to be copied."""
        if isinstance(self.what, TicketNote):
            return self.what.note.text
        form = self.what
        return "\n\n".join(filter(None, [form.who, form.subject, form.text, form.follow_up]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: it is on the ticket `number`; or `error` tells why not, and it waits on or was refused."""

    thing: Unfiled
    ticket_id: UUID | None = None
    number: int = 0
    new: bool = False
    error: KnownError | None = None


def told(thing: Unfiled) -> dict[str, Any]:
    """As JSON can hold it."""
    what = thing.what
    content = {"note": _told_note(what)} if isinstance(what, TicketNote) else {"call": told_of(what)}
    refused = {"code": thing.refused.code, "facts": _words(thing.refused.facts)} if thing.refused else None
    facts = {"by": str(thing.by), "by_name": thing.by_name, "at": thing.at.isoformat(), "region": thing.region}
    return {**facts, "refused": refused, **content}


def read(kept: Mapping[str, Any]) -> Unfiled:
    """What `told` told."""
    why = kept["refused"]
    return Unfiled(
        by=UUID(kept["by"]),
        by_name=kept["by_name"],
        at=datetime.fromisoformat(kept["at"]),
        what=_read_note(kept["note"]) if "note" in kept else form_of(kept["call"]),
        region=kept["region"],
        refused=KnownError(why["code"], **why["facts"]) if why else None,
    )


def _told_note(what: TicketNote) -> dict[str, Any]:
    files = [
        {"name": each.name, "type": each.media_type, "cid": each.content_id, "bytes": b64encode(each.content).decode()}
        for each in what.note.attachments
    ]
    facts = {"id": what.note.id, "ticket_id": what.ticket_id, "written_at": what.note.written_at}
    return {
        **plain(facts),
        "number": what.number,
        "title": what.title,
        "was_done": what.was_done,
        "text": what.note.text,
        "html": what.note.html,
        "files": files,
    }


def _read_note(kept: Mapping[str, Any]) -> TicketNote:
    files = [NewAttachment(each["name"], each["type"], b64decode(each["bytes"]), each["cid"]) for each in kept["files"]]
    written_at = datetime.fromisoformat(kept["written_at"]) if kept["written_at"] else None
    note = NewNote(kept["text"], kept["html"], tuple(files), id=UUID(kept["id"]), written_at=written_at)
    return TicketNote(UUID(kept["ticket_id"]), kept["number"], kept["title"], kept["was_done"], note)


def _words(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts of an error may be anything that has words."""
    return {name: value if isinstance(value, (int, str)) else str(value) for name, value in facts.items()}
