"""`firstline erase PERSON`: take a person out of the desk for good, and leave their tickets as they are counted."""

from argparse import ArgumentParser, Namespace

from app.commands.output import as_json, line
from app.services import erasure
from app.services.desk import Desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("person", metavar="PERSON", help="a mail address, phone number, handle, id, or whole name")
    parser.add_argument("--subjects", action="store_true", help="subject lines as well, not only the name in them")
    parser.add_argument("--dry-run", action="store_true", help="only say what there is")
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    """0 where the person is erased, or would be; 1 where whoever was asked said no."""
    actor = desk.actor or desk.system
    found = erasure.find(desk.backstage, arguments.person)
    if not (arguments.dry_run or arguments.yes):
        line(tr("erasure.asking", name=found.name, id=found.id))
        if input().strip().casefold() not in tr("erasure.yes").split():
            line(tr("erasure.left"))
            return 1
    told = erasure.erase(
        desk.backstage,
        actor,
        found.id,
        tr("erasure.word"),
        subjects=arguments.subjects,
        dry_run=arguments.dry_run,
    )
    if arguments.json:
        as_json(told)
        return 0
    key = "erasure.would" if arguments.dry_run else "erasure.done"
    line(tr(key, name=found.name, id=found.id))
    line(tr("erasure.messages", own=told.messages, others=told.mentions, tickets=told.tickets))
    line(tr("erasure.rest", files=told.files, mails=told.mails, identities=told.identities, entries=told.entries))
    if not arguments.dry_run:
        line(tr("erasure.elsewhere"))
    return 0
