"""`firstline init`: create the schema, or bring it to this program's age."""

from argparse import ArgumentParser, Namespace

from app.commands.output import line
from app.services import staff
from app.services.database import secure, upgrade
from app.services.desk import Desk
from app.services.sample import SampleMailbox, arrange_sample, fill_with_sample
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--sample", action="store_true", help="with sample people, applications, hours, turns, trees and a mailbox"
    )
    parser.add_argument("--administrator", metavar="MAIL", help="the first person of an empty desk")


def run(desk: Desk, arguments: Namespace) -> int:
    upgrade(desk.database)
    known_apart = secure(desk.database)
    if arguments.sample:
        _fill(desk)
        line(tr("cli.init.sample"))
    if not staff.agents(desk.database):
        first = staff.add_first_agent(desk.database, desk.system, arguments.administrator or desk.settings.agent)
        line(tr("cli.init.administrator", mail=first.mail))
    if not known_apart:
        line(tr("error.database.rights_missing"))
    line(tr("cli.init.ready", database=desk.database.engine.url.render_as_string(hide_password=True)))
    return 0


def _fill(desk: Desk) -> None:
    mailbox = desk.profile.folder / "sample-mailbox"
    if fill_with_sample(desk.database, desk.system, mailbox):
        arrange_sample(desk.database, desk.system)
    SampleMailbox(mailbox, desk.clock).deliver_all()
