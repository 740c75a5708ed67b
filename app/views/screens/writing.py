"""Pictures of what one writes with: rich text, what is put in, what is asked before it goes."""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.desk import Role
from app.services import canned, signatures
from app.services.mail.html.rich import read_rich
from app.services.wording import tr
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.writing.answering import Form
from app.views.writing.part import WritingPart


def _rich(window: MainWindow) -> QWidget:
    """An answer with all that it may have in it, and a signature."""
    _sign(window)
    window.writing.open(Form.ANSWER)
    window.layout_.composer.text.show_paragraphs(read_rich(tr("screens.rich_answer")), {})
    settle(window)
    return window


def _odd(window: MainWindow) -> QWidget:
    """A misspelt address, a forgotten file, and a placeholder without a value."""
    window.writing.open(Form.ANSWER)
    composer = window.layout_.composer
    composer.head.open("anna@gmial.com", "", composer.subject.text())
    composer.text.setPlainText(_sample("odd_answer"))
    settle(window)
    composer.send_now()
    settle(window)
    return window


def _slash(window: MainWindow) -> QWidget:
    """The list that `/` opens."""
    _keep_replies(window)
    window.writing.open(Form.ANSWER)
    window.activateWindow()
    settle(window)
    composer = window.layout_.composer
    composer.text.setPlainText("/")
    composer.text.moveCursor(QTextCursor.MoveOperation.End)
    composer.text.insertPlainText(tr("screens.canned_begun"))
    settle(window)
    return window


def _texts(window: MainWindow) -> QWidget:
    _keep_replies(window)
    dialog = window.shell.part(WritingPart).open_texts()
    settle(window)
    return dialog


def _no_texts(window: MainWindow) -> QWidget:
    dialog = window.shell.part(WritingPart).open_texts()
    settle(window)
    dialog.begin_new()
    return dialog


def _signature(window: MainWindow) -> QWidget:
    _sign(window)
    dialog = window.shell.part(WritingPart).open_texts()
    settle(window)
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    return dialog


def _sign(window: MainWindow) -> None:
    desk = window.shell.desk
    assert desk.actor is not None
    for each in signatures.signatures(desk.database):
        signatures.save(desk.database, desk.actor, each.team_id, _sample("signature"))


def _keep_replies(window: MainWindow) -> None:
    desk = window.shell.desk
    assert desk.actor is not None
    if not canned.canned(desk.database, desk.actor):
        for number in ("1", "2", "3"):
            name, shortcut, html = _sample(f"canned.{number}").split("|")
            canned.save(desk.database, desk.actor, Canned(new_id(), name, shortcut, html))
    window.writing.aids.look_for_offers()
    settle(window)


def _sample(name: str) -> str:
    """A text with placeholders: in the catalogue they stand in other brackets, since braces there are its own."""
    return tr(f"screens.{name}").replace("[[", "{").replace("]]", "}")


SCREENS = (
    Screen("writing-texts-empty", _no_texts, role=Role.SUPERVISOR),
    Screen("writing-rich-light", _rich, role=Role.SUPERVISOR),
    Screen("writing-rich-dark", _rich, "dark", "de", role=Role.SUPERVISOR),
    Screen("writing-odd-light", _odd),
    Screen("writing-odd-german", _odd, "dark", "de"),
    Screen("writing-slash-light", _slash, role=Role.SUPERVISOR),
    Screen("writing-slash-dark", _slash, "dark", role=Role.SUPERVISOR),
    Screen("writing-texts-light", _texts, role=Role.SUPERVISOR),
    Screen("writing-texts-german", _texts, "dark", "de", role=Role.SUPERVISOR),
    Screen("writing-signature", _signature, role=Role.SUPERVISOR),
)
