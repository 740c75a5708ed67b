"""`firstline escalate NUMBER --to NODE --packet FILE`: hand a ticket up its tree."""

import tomllib
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from app.commands.instants import shown
from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.handoffs import Outcome, Packet, Place
from app.models.rules.folding import fold
from app.services.desk import Desk
from app.services.escalation import handing, telling
from app.services.tickets import reading
from app.services.trees import store
from app.services.wording import tr

Text = Annotated[str, AfterValidator(lambda told: told.replace("\0", ""))]
"""What PostgreSQL can keep: as mails are read, without U+0000."""


class PacketFile(BaseModel):
    """TOML with the five texts, `done` (the prerequisites that are) and `bypass` (why a P1 passes them)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    happening: Text
    tried: Text = ""
    hypothesis: Text = ""
    customer: Text = ""
    verify_first: Text = ""
    done: tuple[str, ...] = ()
    bypass: Text = ""


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER")
    parser.add_argument(
        "--to", required=True, metavar="NODE", help="a step by its key or name, as `firstline tree` shows it"
    )
    parser.add_argument("--packet", required=True, type=Path, metavar="FILE", help="TOML: happening, tried, …, done")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    told = _read(arguments.packet)
    packet = Packet(told.happening, told.tried, told.hypothesis, told.customer, told.verify_first)
    ticket_id = reading.id_of(desk.database, arguments.number)
    actor = desk.actor or desk.system
    to = _key(desk, ticket_id, arguments.to)
    handing.escalate(desk.database, actor, ticket_id, to, packet, told.done, told.bypass)
    step = telling.handoffs(desk.database, ticket_id)[-1]
    if arguments.json:
        as_json(step)
        return 0
    line(tr("cli.escalate.done", number=arguments.number, node=step.node_name))
    for each in step.attempts:
        if each.outcome is Outcome.PENDING and each.answer_by is not None:
            line(tr("cli.escalate.asked", who=each.who, until=shown(each.answer_by)))
    for here in telling.way(desk.database, ticket_id).steps:
        if here.place is Place.CURRENT and here.opens_at is not None:
            line(tr("cli.escalate.closed", node=here.name, at=shown(here.opens_at)))
    return 0


def _key(desk: Desk, ticket_id: UUID, wanted: str) -> str:
    """The key of the step that is called so; what is none stays as it is, and is refused as a key."""
    application_id = reading.show(desk.database, ticket_id).application_id
    if application_id is None:
        return wanted
    tree, _ = store.of_application(desk.database, application_id)
    named = [each.key for each in tree.nodes if fold(each.name) == fold(wanted)]
    return named[0] if tree.node(wanted) is None and len(named) == 1 else wanted


def _read(path: Path) -> PacketFile:
    try:
        return PacketFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnownError("packet.broken", reason=str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise KnownError("packet.broken", reason=f"{place}: {first['msg']}") from error
