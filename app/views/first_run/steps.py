"""What the first run asks for, in which order. Pure: it needs no widget."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, create_model

from app.models.records.desk import Agent, Role
from app.services.joining import Fitness, Found
from app.services.wording import tr


class Way(StrEnum):
    """LOOK around with sample data, work on a database HERE, or on a SHARED one."""

    LOOK = "look"
    HERE = "here"
    SHARED = "shared"


class Step(StrEnum):
    WAY = "way"
    SERVER = "server"
    PERSON = "person"
    MAILBOX = "mailbox"


def steps(way: Way, person: Agent | None) -> tuple[Step, ...]:
    """The steps of this way; `person` is who was chosen of the staff. Only an administrator adds mailboxes."""
    if way is Way.LOOK:
        return (Step.WAY,)
    servers = (Step.SERVER,) if way is Way.SHARED else ()
    may_add = person is None or person.role is Role.ADMINISTRATOR
    return (Step.WAY, *servers, Step.PERSON, *((Step.MAILBOX,) if may_add else ()))


def found_words(found: Found) -> list[str]:
    """What a look at a database found, a sentence a line."""
    told = [tr("first_run.answers", version=found.version)]
    if found.fitness is Fitness.EMPTY:
        return [*told, tr("first_run.empty")]
    if not found.people:
        return [*told, tr("first_run.ready"), tr("first_run.nobody")]
    return [*told, tr("first_run.ready"), tr("first_run.staff", count=len(found.people))]


def person_words(people: Sequence[Agent]) -> list[str]:
    return [f"{each.name}  ·  {each.mail}" for each in people]


def new_person_model() -> type[BaseModel]:
    """The first person of a desk is asked for a name and a mail address."""
    fields: dict[str, Any] = {
        "name": (str, Field(..., min_length=1, max_length=120, title=tr("first_run.name"))),
        "mail": (
            Annotated[str, AfterValidator(_mail)],
            Field(..., title=tr("first_run.mail"), description=tr("first_run.mail_hint")),
        ),
    }
    return create_model("NewPerson", **fields)


def _mail(entered: str) -> str:
    name, _, host = entered.partition("@")
    if not name or not host or "@" in host or any(each.isspace() for each in entered):
        raise ValueError(tr("first_run.bad_mail"))
    return entered
