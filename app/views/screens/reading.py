"""Pictures of the queue, the conversation and the composer."""

from datetime import timedelta

from PySide6.QtWidgets import QWidget

from app.models.errors import KnownError
from app.models.records.tickets import MessageKind, Status
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from app.services.wording import tr
from app.views.changing.later_part import LaterPart
from app.views.kit.crash import CrashDialog, report_of
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen, Show, as_it_is
from app.views.screens.setting import settle
from app.views.ticket.file_dialogs import LinkDialog
from app.views.writing.answering import Form

_A_DAY = timedelta(days=1)


def _composing(form: Form) -> Show:
    def show(window: MainWindow) -> QWidget:
        window.writing.open(form)
        window.layout_.composer.text.setPlainText(tr(f"screens.{form.value}"))
        return window

    return show


def _with_file(window: MainWindow) -> QWidget:
    _composing(Form.ANSWER)(window)
    window.layout_.composer.add_files(["certificate-chain.pdf"])
    return window


def _explained(window: MainWindow) -> QWidget:
    for message in window.ticket.ticket.messages if window.ticket.ticket else ():
        if message.kind is MessageKind.MAIL_IN:
            window.layout_.conversation.explain(message.id)
    return window


def _nothing_found(window: MainWindow) -> QWidget:
    window.layout_.tickets.search.setText("zeppelin")
    window.queue.search("zeppelin")
    return window


def _without_database(window: MainWindow) -> QWidget:
    lost = KnownError("database.lost", detail="desk-db.example.com:5432")
    window.status.stop()
    window.bus.stop()
    window.status.lost(lost)
    window.layout_.tickets.show_error(tr("error.database.lost", **lost.facts), window.queue.look)
    return window


def _asking(window: MainWindow) -> QWidget:
    window.commands.run("merge")
    settle(window)
    picker = next(iter(window.findChildren(Picker)))
    picker.line.setText("portal")
    settle(window)
    return picker


def _putting_off(window: MainWindow) -> QWidget:
    picker = window.shell.part(LaterPart).put_off()
    settle(window)
    return picker


def _put_off(window: MainWindow) -> QWidget:
    desk, ticket = window.shell.desk, window.ticket.ticket
    if ticket is not None and desk.actor is not None:
        at = desk.clock.now() + _A_DAY
        editing.schedule(desk.database, desk.actor, Stale(ticket.row.id), at)
        window.ticket.reload()
        settle(window)
    return window


def _following(window: MainWindow) -> QWidget:
    dialog = LinkDialog("https://xn--frstline-i2a.example/portal/sign-in", lambda: None, window)
    dialog.show()
    return dialog


def _crashed(window: MainWindow) -> QWidget:
    try:
        Status("lost")
    except ValueError as bug:
        dialog = CrashDialog(report_of(bug), window)
        dialog.show()
        return dialog
    return window


SCREENS = (
    Screen("main-light", as_it_is),
    Screen("main-dark", as_it_is, "dark"),
    Screen("main-german", as_it_is, language="de"),
    Screen("main-200", as_it_is, scale=200),
    Screen("main-small", as_it_is, size=(960, 540)),
    Screen("main-small-german", as_it_is, language="de", size=(960, 540)),
    Screen("reply-light", _with_file),
    Screen("reply-dark", _composing(Form.ANSWER), "dark"),
    Screen("reply-german", _composing(Form.ANSWER), "dark", "de"),
    Screen("note-light", _composing(Form.NOTE)),
    Screen("note-dark", _composing(Form.NOTE), "dark"),
    Screen("explained", _explained),
    Screen("nothing-found", _nothing_found),
    Screen("no-database", _without_database),
    Screen("merge", _asking),
    Screen("link", _following),
    Screen("later-ask", _putting_off),
    Screen("later-put-off", _put_off, "dark"),
    Screen("crash-light", _crashed),
    Screen("crash-dark", _crashed, "dark"),
)
