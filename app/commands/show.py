"""`firstline show NUMBER`: a ticket with its conversation."""

from argparse import ArgumentParser, Namespace

from app.commands.output import as_json, line
from app.models.records.tickets import MessageView, TicketView
from app.services.desk import Desk
from app.services.tickets import reading
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    ticket = reading.show(desk.database, reading.id_of(desk.database, arguments.number))
    if arguments.json:
        as_json(ticket)
    else:
        _print(ticket)
    return 0


def _print(ticket: TicketView) -> None:
    row = ticket.row
    line(f"#{row.number}  {row.subject or tr('ticket.no_subject')}")
    facts = {
        "status": tr(f"status.{row.status.value}"),
        "priority": row.priority.name,
        "level": row.level.name,
        "team": row.team,
        "assignee": row.assignee,
        "application": row.application,
        "requester": row.requester,
    }
    for name, value in facts.items():
        if value:
            line(f"  {tr(f'column.{name}')}: {value}")
    for link in ticket.links:
        how = tr(f"link_from.{link.kind.value}") if link.from_other else tr(f"link.{link.kind.value}")
        line(f"  {how}: #{link.number} {link.subject}")
    for message in ticket.messages:
        _print_message(message)


def _print_message(message: MessageView) -> None:
    line()
    delivery = f"  [{tr(f'delivery.{message.delivery.value}')}]" if message.delivery else ""
    when = f"{message.at.astimezone():%Y-%m-%d %H:%M}"
    line(f"--- {tr(f'message.{message.kind.value}')}  {message.author}  {when}{delivery}")
    for reason in message.reasons:
        line(f"    {tr(f'reason.{reason.rule}', **reason.facts)}")
    line(message.text)
    for attachment in message.attachments:
        line(f"    [{attachment.name}, {attachment.size} B]")
