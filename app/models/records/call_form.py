"""What an agent types while talking on the phone. Instants are aware UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.models.identifiers import new_id
from app.models.records.calls import CallOutcome, Direction
from app.models.records.tickets import Priority


@dataclass(frozen=True, slots=True)
class CallForm:
    """A call as it is being logged. `id` stays with it, however often it is filed.

    `who` is what was typed, a number or a name; `person_id` the person chosen for it. `ticket_id` is None for a new
    ticket, which `subject`, `application_id` and `priority` are for. `seconds` is how long it took. `tie` asks that the
    number be known as this person's from now on. `follow_up` is mailed to the caller where it is not empty.
    """

    started_at: datetime
    id: UUID = field(default_factory=new_id)
    direction: Direction = Direction.IN
    who: str = ""
    person_id: UUID | None = None
    person_name: str = ""
    ticket_id: UUID | None = None
    ticket_number: int | None = None
    subject: str = ""
    text: str = ""
    application_id: UUID | None = None
    category: str = ""
    priority: Priority = Priority.P3
    outcome: CallOutcome = CallOutcome.TO_DO
    team_id: UUID | None = None
    tie: bool = False
    follow_up: str = ""
    seconds: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed yet."""
        return not (self.who or self.subject or self.text or self.follow_up or self.person_id)


@dataclass(frozen=True, slots=True)
class FiledCall:
    """Where a call is: the ticket, and whether it was opened for it."""

    ticket_id: UUID
    number: int
    new: bool
