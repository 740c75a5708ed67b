"""Pictures of a ticket's way up: the strip, the handoff, and what was handed on."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.models.errors import KnownError
from app.models.records.queue import QueueFilter
from app.services import staff
from app.services.escalation import handing, packet, proposing, telling
from app.services.tickets import queue, reading
from app.services.wording import tr
from app.views.escalating.part import EscalatingPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _open(window: MainWindow, words: str) -> UUID | None:
    found = queue.page(window.shell.desk.database, QueueFilter(words=words), 1)
    if not found:
        return None
    window.ticket.open(found[0].id)
    settle(window)
    return found[0].id


def _way(window: MainWindow) -> QWidget:
    _open(window, "portal")
    return window


def _escalate(window: MainWindow) -> QWidget:
    _open(window, "portal")
    dialog = window.shell.part(EscalatingPart).escalate()
    settle(window)
    assert dialog is not None
    return dialog


def _refused(window: MainWindow) -> QWidget:
    """With something to be done still."""
    dialog = _escalate(window)
    part = window.shell.part(EscalatingPart)
    assert part.dialog is not None
    part.dialog.refuse(KnownError("escalation.not_ticked_p1", what=next(iter(part.dialog.checks), ""), count=2))
    return dialog


def _no_way(window: MainWindow) -> QWidget:
    _open(window, "VPN")
    dialog = window.shell.part(EscalatingPart).escalate()
    settle(window)
    assert dialog is not None
    return dialog


def _handed(window: MainWindow) -> QWidget:
    """A ticket that was handed on, as who is asked sees it; only the first picture hands it on."""
    desk = window.shell.desk
    ticket_id = _open(window, "checkout")
    assert ticket_id is not None
    assert desk.actor is not None
    if not telling.handoffs(desk.database, ticket_id):
        first = proposing.propose(desk.database, ticket_id).nodes[0]
        told = replace(packet.prefill(desk.database, ticket_id), verify_first=tr("screens.verify"))
        handing.escalate(desk.database, desk.actor, ticket_id, first.step.key, told, first.prerequisites)
    asked = [each.agent_id for step in telling.handoffs(desk.database, ticket_id) for each in step.attempts]
    people = staff.agents(desk.database)
    ticket = reading.show(desk.database, ticket_id)
    who = next((each for each in people if each.id in asked), None)
    who = who or next(each for each in people if ticket.team_id in each.teams)  # asked as a team
    desk.actor = staff.sign_in(desk.database, who.mail)
    window.shell.part(EscalatingPart).look()
    settle(window)
    return window


def _list(window: MainWindow) -> QWidget:
    _handed(window)
    picker = window.shell.part(EscalatingPart).show_handed()
    settle(window)
    return picker


SCREENS = (
    Screen("way-light", _way),
    Screen("way-german", _way, "dark", "de"),
    Screen("way-narrow", _way, "light", "de", size=(1020, 760)),
    Screen("escalate-light", _escalate),
    Screen("escalate-german", _refused, "dark", "de"),
    Screen("escalate-no-way", _no_way),
    Screen("handed-light", _handed),
    Screen("handed-german", _handed, "dark", "de"),
    Screen("handed-list", _list),
)
