"""Scripts, connections and host keys: a page each, in one dialog that only administrators open."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.services.desk import Desk
from app.services.remote_help.authoring import ScriptDraft
from app.services.remote_help.host_keys import PinnedKey
from app.services.remote_help.registry import Registered
from app.services.remote_help.transports.interface import UnknownHostKey
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.pages import Pages
from app.views.kit.sided import SidedPage, SidedWords
from app.views.kit.task_runner import TaskRunner
from app.views.script_library.broken_dialog import BrokenDialog
from app.views.script_library.connection_form import ConnectionForm
from app.views.script_library.connection_model import secrets_of
from app.views.script_library.control import LibraryControl
from app.views.script_library.keys_page import KeysPage
from app.views.script_library.known import Known
from app.views.script_library.library_page import LibraryPage

PAGES = ("scripts", "connections", "keys")
_GOOD_NEWS_MS = 8_000


class LibraryDialog(QDialog):
    """`edit_wanted` brings the version to begin from, `draft_wanted` what was typed before and is to be gone on with;
    `try_wanted` the version to be tried. `begin_wanted` asks for a new script."""

    edit_wanted = Signal(Registered)
    draft_wanted = Signal(ScriptDraft)
    begin_wanted = Signal()
    try_wanted = Signal(Registered)

    def __init__(self, desk: Desk, runner: TaskRunner, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("script_pages.title"))
        self._appearance, self._known = appearance, Known()
        self._tested: ConnectionForm | None = None
        self._told_drafts = False
        self.control = LibraryControl(desk, runner, self)
        self.told = Banner(appearance)
        self._pages = Pages(tr("script_pages.title"), self.told)
        self.scripts = LibraryPage(self.control, self.told, desk.actor, appearance)
        words = SidedWords(
            tr("script_pages.connections"),
            tr("connection_page.new"),
            tr("connection_page.none"),
            tr("connection_page.none_hint"),
            "link",
        )
        self.connections = SidedPage(words, appearance, self._connection_form)
        self.keys = KeysPage(appearance)
        self._build()
        self._connect()
        self.control.look()

    def show_page(self, name: str) -> None:
        """One of `PAGES`."""
        self._pages.show_page(getattr(self, name))
        {"scripts": self.scripts.search, "connections": self.connections.list, "keys": self.keys.list}[name].setFocus()

    @property
    def drafts(self) -> Sequence[ScriptDraft]:
        """What was typed at this desk and is not stored."""
        return self._known.drafts

    def show_stored(self, key: str, words: str) -> None:
        """A new version is there."""
        self.show_page("scripts")
        self.scripts.choose(key)
        self._done(words)

    def lost(self, error: KnownError) -> None:
        """The database is away: what is shown may be old, and nothing can be stored."""
        self.told.tell("warning", tr_error(error), (tr("state.again"), self.control.look))

    def _connect(self) -> None:
        control = self.control
        control.listed.connect(self._show)
        control.unread.connect(self._unread)
        control.done.connect(self._done)
        control.failed.connect(self._failed)
        control.broken.connect(lambda broken: BrokenDialog(broken, self._appearance, self).open())
        control.stored.connect(self._stored)
        control.tested.connect(self._works)
        control.refused.connect(self._works_not)
        self.scripts.edit_wanted.connect(self.edit_wanted)
        self.scripts.new_wanted.connect(self.begin_wanted)
        self.scripts.try_wanted.connect(self.try_wanted)
        self.keys.forgotten.connect(self._ask_to_forget)

    def _show(self, known: Known) -> None:
        before, self._known = self._known, known
        self.scripts.show_rows(known.scripts)
        anew = (known.kept, known.scripts) != (before.kept, before.scripts)
        self.connections.show_items(known.connections, anew=anew)
        self.keys.show_keys(known.keys)
        if known.drafts and not self._told_drafts:
            self._told_drafts = True
            first = known.drafts[-1]
            name = first.key or tr("script_editor.new_title")
            go_on = (tr("script_begin.yes"), lambda: self.draft_wanted.emit(first))
            self.told.tell("info", tr("script_begin.unfinished", name=name), go_on)

    def _unread(self, error: KnownError) -> None:
        for page in (self.scripts, self.connections, self.keys):
            page.fail(tr_error(error), self.control.look)

    def _done(self, words: str) -> None:
        self.told.tell("success", words, milliseconds=_GOOD_NEWS_MS)
        self.control.look()

    def _failed(self, error: KnownError) -> None:
        form = self.connections.form
        is_here = self._pages.current is self.connections and isinstance(form, ConnectionForm)
        if not (is_here and isinstance(form, ConnectionForm) and form.refuse(error)):
            self.told.tell("error", tr_error(error), (tr("state.again"), self.control.look))

    def _connection_form(self, connection: Connection | None) -> ConnectionForm:
        form = ConnectionForm(connection, self._known, self._appearance)
        form.stored.connect(self.control.save_connection)
        form.removed.connect(self._ask_to_remove)
        form.tried.connect(partial(self._try, form))
        return form

    def _stored(self, connection: Connection, name: str) -> None:
        self.connections.saved(connection.id)
        self._done(tr("connection_page.stored", name=name))

    def _try(self, form: ConnectionForm, connection: Connection, host: str, entered: dict[str, str]) -> None:
        self.control.forget_test()
        if self._tested is not None:
            self._tested.set_testing(testing=False)
        self._tested = form
        form.destroyed.connect(self._forget_tested)
        form.set_testing(testing=True)
        self.control.test(connection, host, entered)

    def _forget_tested(self) -> None:
        self._tested = None

    def _works(self, steps: list[str]) -> None:
        if self._tested is not None:
            self._tested.set_testing(testing=False)
            self._tested.findings.works(steps)

    def _works_not(self, error: KnownError) -> None:
        if self._tested is None:
            return
        form = self._tested
        form.set_testing(testing=False)
        form.findings.refused(tr_error(error))
        if isinstance(error, UnknownHostKey):
            again = partial(self.control.pin, error, form.test.click)
            self.told.tell("warning", tr_error(error), (tr("connection_page.trust"), again))
            self.told.focus_action()

    def _ask_to_remove(self, connection: Connection) -> None:
        users = self._known.users_of(connection)
        words = tr("connection_page.ask_remove", name=connection.name)
        if users:
            words += " " + tr("connection_page.used_by", keys=", ".join(users))
        remove = partial(self.control.remove_connection, connection, secrets_of(connection.transport))
        self.told.tell("warning", words, (tr("connection_page.yes_remove"), remove))
        self.told.focus_action()

    def _ask_to_forget(self, key: PinnedKey) -> None:
        words = tr("host_keys_page.ask", host=key.host, fingerprint=key.fingerprint)
        self.told.tell("warning", words, (tr("host_keys_page.yes"), partial(self.control.forget_key, key)))
        self.told.focus_action()

    def _build(self) -> None:
        for name in PAGES:
            self._pages.add(tr(f"script_pages.{name}"), getattr(self, name))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.resize(1320, 820)
