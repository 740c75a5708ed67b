"""Finding another ticket by its number or by words in it: the open ones of the same requester stand there at once."""

from collections.abc import Callable
from functools import partial

from app.models.errors import KnownError
from app.models.records.queue import QueueFilter
from app.models.records.tickets import TicketRow
from app.services.tickets import queue
from app.services.wording import tr
from app.views.kit.matching import match
from app.views.kit.picker import Picker, PickItem
from app.views.window.shell import Shell

_MOST = 20


def pick_ticket(shell: Shell, title: str, hint: str, then: Callable[[int], None]) -> Picker:
    """Ask for a ticket other than the one that is shown; `then` is called with its number."""
    picker = Picker(shell.appearance, title, lambda _typed: [], shell.window, hint=hint)
    shown = shell.ticket.ticket
    mine = frozenset({shown.requester.id}) if shown is not None and shown.requester else frozenset()

    def look(typed: str) -> None:
        words = typed.strip()
        wanted = QueueFilter(open=None, words=words) if words else QueueFilter(requesters=mine)
        if words or mine:
            work = partial(queue.page, shell.desk.database, wanted, _MOST)
            shell.runner.read(picker, work, partial(offer, typed), lost, lane="tickets")

    def offer(typed: str, found: list[TicketRow]) -> None:
        others = [each for each in found if each.id != shell.ticket.ticket_id]
        picker.offer([_item(each, typed) for each in others])

    def lost(error: KnownError) -> None:
        picker.reject()
        shell.fail(error)

    picker.typed.connect(look)
    picker.picked.connect(lambda item: then(item.value))
    picker.open()
    look("")
    return picker


def _item(row: TicketRow, typed: str) -> PickItem:
    words = f"#{row.number}  {row.subject or tr('ticket.no_subject')}"
    found = match(typed, words)
    detail = "  ·  ".join(filter(None, [row.requester, tr(f"status.{row.status.value}"), row.application]))
    return PickItem(words, row.number, detail, "inbox", places=found.places if found else ())
