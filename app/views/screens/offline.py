"""Pictures of the desk while the database is away, and of what waits to be filed."""

from PySide6.QtWidgets import QWidget

from app.models.errors import DatabaseError, KnownError
from app.models.records.call_form import CallForm
from app.models.records.tickets import NewNote
from app.services.journal import Put
from app.services.offline import KIND, TicketNote, Unfiled
from app.services.offline.records import told
from app.services.wording import tr
from app.views.main_window import MainWindow
from app.views.offline.part import OfflinePart
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.writing.answering import Form

_A_WHILE = 600


def _away(window: MainWindow) -> QWidget:
    """The server is gone, and does not come back while the picture is taken."""
    reach = window.shell.desk.reach
    reach.failed(DatabaseError("database.lost", detail=""), writing=False)
    reach.put_off(_A_WHILE)
    settle(window)
    return window


def _working(window: MainWindow) -> QWidget:
    """Some work was done since."""
    _away(window)
    _wait(window)
    window.queue.look()
    window.ticket.reload()
    settle(window)
    window.writing.open(Form.NOTE)
    return window


def _list(window: MainWindow) -> QWidget:
    _working(window)
    return window.shell.part(OfflinePart).open()


def _refused(window: MainWindow) -> QWidget:
    _wait(window, KnownError("waiting.merged", number=1003, into=1001))
    settle(window)
    dialog = window.shell.part(OfflinePart).open()
    dialog.list.setCurrentRow(1)
    return dialog


def _nothing(window: MainWindow) -> QWidget:
    return window.shell.part(OfflinePart).open()


def _wait(window: MainWindow, refused: KnownError | None = None) -> None:
    """A call and a note, and nobody who files them. One picture's are none of the next one's."""
    desk, shown = window.shell.desk, window.ticket.ticket
    assert desk.actor is not None
    assert shown is not None
    now = desk.clock.now()
    row = shown.row
    call = CallForm(now, who="Priya Nair", person_name="Priya Nair", subject=tr("screens.call"), seconds=125)
    note = TicketNote(row.id, row.number, row.subject, was_done=False, note=NewNote(tr("screens.note")))
    for each in (call, note):
        why = refused if each is note else None
        thing = Unfiled(desk.actor.id or row.id, desk.actor.name, now, each, refused=why)
        desk.journal.write(Put(KIND, thing.id, told(thing)))
        window.shell.closing.connect(lambda thing=thing: desk.waiting.give_up(thing.id))
    window.shell.part(OfflinePart).look()


SCREENS = (
    Screen("offline-light", _working),
    Screen("offline-dark", _working, "dark"),
    Screen("offline-german", _working, language="de"),
    Screen("offline-small", _away, size=(960, 540)),
    Screen("offline-list", _list),
    Screen("offline-list-german", _list, "dark", "de"),
    Screen("offline-refused", _refused),
    Screen("offline-nothing", _nothing, "dark"),
)
