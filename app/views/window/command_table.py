"""Every command of the window: its key, its picture, what it does. Menus and the command palette read this table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.models.records.tickets import Status
from app.services.wording import tr
from app.views.changing.part import ChangingPart
from app.views.queue.table import Form
from app.views.queue.view_list import view_name
from app.views.window.pick_ticket import pick_ticket
from app.views.writing.answering import Form as WritingForm

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

_NUMBERED = 9


def add_commands(window: MainWindow) -> None:
    """Register all of them with the window's `commands`."""
    _reading(window)
    _answering(window)
    _changing(window)
    _looks(window)


def _reading(window: MainWindow) -> None:
    layout, add = window.layout_, window.commands.add
    window.commands.section("reading")
    add("next", "Alt+Down", "next", lambda: layout.tickets.step(1))
    add("previous", "Alt+Up", "previous", lambda: layout.tickets.step(-1))
    add("read_on", "Alt+PgDown", "", lambda: layout.conversation.turn(1))
    add("read_back", "Alt+PgUp", "", lambda: layout.conversation.turn(-1))
    add("search", "Ctrl+F", "search", lambda: _search(window))
    add("refresh", "F5", "refresh", lambda: _refresh(window))
    table = layout.tickets.table
    add("tickets", "Ctrl+L", "list", table.setFocus)
    add("form", "Ctrl+Shift+V", "columns", lambda: _switch_form(window))
    add("sort", "Ctrl+Alt+O", "columns", lambda: table.open_menu(table.sort_menu()))
    add("columns", "Ctrl+Alt+C", "columns", lambda: table.open_menu(table.column_menu()))
    for place, view in enumerate(window.queue.views, start=1):
        keys = f"Alt+{place}" if place <= _NUMBERED else ""
        add(f"view_{place}", keys, "list", partial(layout.views.choose, view.key), words=view_name(view))


def _answering(window: MainWindow) -> None:
    writing, add = window.writing, window.commands.add
    window.commands.section("answering")
    add("reply", "Ctrl+R", "reply", lambda: writing.open(WritingForm.ANSWER), needs_ticket=True)
    add("reply_all", "Ctrl+Shift+R", "reply", lambda: writing.open(WritingForm.ANSWER, to_all=True), needs_ticket=True)
    add("forward", "Ctrl+Shift+F", "forward", lambda: writing.open(WritingForm.FORWARD), needs_ticket=True)
    add("note", "Ctrl+Shift+N", "note", lambda: writing.open(WritingForm.NOTE), needs_ticket=True)


def _changing(window: MainWindow) -> None:
    ticket, add = window.ticket, window.commands.add
    window.commands.section("changing")
    add("take", "Ctrl+T", "take", ticket.take, needs_ticket=True)
    add("solve", "Ctrl+E", "done", lambda: ticket.set_property("status", Status.SOLVED), needs_ticket=True)
    add("merge", "Ctrl+Shift+M", "merge", lambda: _merge(window), needs_ticket=True)
    add("split", "Ctrl+Alt+S", "split", lambda: _split(window), needs_ticket=True)
    add("move", "Ctrl+Alt+M", "move", lambda: _move(window), needs_ticket=True)
    add("undo", "Ctrl+Z", "undo", window.undo.undo)
    add("images", "Ctrl+Shift+I", "picture", ticket.show_remote_images, needs_ticket=True)


def _looks(window: MainWindow) -> None:
    add = window.commands.add
    window.commands.section("window")
    add("theme", "Ctrl+Shift+D", "theme", lambda: _switch_theme(window))
    add("quit", "Ctrl+Q", "", window.close)


def _switch_form(window: MainWindow) -> None:
    other = {Form.TABLE: Form.LIST, Form.LIST: Form.TABLE}
    window.layout_.wear(other[window.layout_.tickets.table.form])


def _search(window: MainWindow) -> None:
    window.layout_.tickets.search.setFocus()
    window.layout_.tickets.search.selectAll()


def _refresh(window: MainWindow) -> None:
    window.queue.look()
    window.ticket.reload()
    window.status.look()


def _split(window: MainWindow) -> None:
    message = window.pointed_at()
    if message is not None:
        window.ticket.split_message(message)


def _move(window: MainWindow) -> None:
    message = window.pointed_at()
    if message is not None:
        _ask(window, "move", lambda number: window.ticket.move_message(message, number))


def _merge(window: MainWindow) -> None:
    """Several that are selected go into the current one of them; a single one goes where its agent says."""
    tickets, current = window.layout_.tickets.table.selected, window.layout_.tickets.current
    if len(tickets) > 1 and current is not None:
        window.shell.part(ChangingPart).merge(tickets, current)
    else:
        _ask(window, "merge", window.ticket.merge_into)


def _ask(window: MainWindow, what: str, then: Callable[[int], None]) -> None:
    number = window.ticket.ticket.row.number if window.ticket.ticket else 0
    pick_ticket(window.shell, tr(f"ask_title.{what}"), tr(f"ask.{what}", number=number), then)


def _switch_theme(window: MainWindow) -> None:
    window.appearance.choose("light" if window.appearance.theme.name == "dark" else "dark")
