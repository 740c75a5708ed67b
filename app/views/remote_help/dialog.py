"""One script: what it does, what it asks for, exactly what will run, what it says, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from app.models.errors import KnownError
from app.models.records.runs import Connection, Run, Value
from app.models.records.scripts import ChoicesFrom, Manifest, Risk
from app.services.remote_help.preparing import Wanted, distinct
from app.services.remote_help.transports.interface import UnknownHostKey
from app.services.wording import language, tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog_layout import RunLayout
from app.views.remote_help.entries import AskedChoice
from app.views.remote_help.feed import Feed
from app.views.remote_help.form import ScriptForm
from app.views.remote_help.model import end_words, filled

_PAUSE_MS = 300
_FORM, _RUN = 0, 1


@dataclass(frozen=True)
class Opening:
    """What a dialog begins with. `why` says why the script is proposed; `agreed` is the run that somebody agreed to."""

    manifest: Manifest
    values: Mapping[str, Value] = field(default_factory=dict)
    targets: Sequence[str] = ()
    connections: Sequence[Connection] = ()
    likely: Sequence[str] = ()
    ticket_id: UUID | None = None
    number: int | None = None
    why: str = ""
    agreed: Run | None = None


class RunDialog(QDialog):
    """Ctrl+Return runs it, Ctrl+. stops it. Closed while it runs it is put aside, and the run goes on.

    `aside` tells of that, `over` brings a run that ended, `waits` one that a second person must agree to.
    """

    aside = Signal()
    over = Signal(Run)
    waits = Signal(Run)

    def __init__(self, opening: Opening, control: RunControl, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.opening, self.manifest = opening, opening.manifest
        self._words = self.manifest.words(language())
        ticket = tr("remote_view.for_ticket", number=opening.number) if opening.number is not None else ""
        self.setWindowTitle("  ·  ".join(filter(None, (self._words.name, ticket))))
        self.form = ScriptForm(self.manifest, opening.values, opening.connections, opening.likely)
        self.layout_ = RunLayout(self, self.manifest, self.form, appearance)
        self.page, self.told, self.control = self.layout_.page, self.layout_.told, control
        self.run_: Run | None = None
        self._last: Wanted | None = None
        self._confirmed = self._previewed = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        control.setParent(self)
        self._connect()
        self._begin()

    @property
    def is_running(self) -> bool:
        return self.control.is_running

    def run(self) -> None:
        """Begin; what changes something is asked about first."""
        if self.is_running or self.layout_.middle.currentIndex() != _FORM:
            return
        try:
            good = self.form.insist(dry_run=self._dry)
        except KnownError as error:
            self._refused(error)
            return
        if not good:
            return
        if self.manifest.risk is not Risk.READ and not self._dry and not self._confirmed:
            self._ask()
            return
        self._start(self._wanted())

    def stop(self) -> None:
        if self.is_running:
            self.control.stop()
            self.layout_.stop.setText(tr("remote_view.stopping"))
            self.layout_.stop.setEnabled(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_running:
            event.ignore()
            self._put_aside()
        else:
            event.accept()
            self._leave()

    def reject(self) -> None:
        """Escape puts aside what runs, goes back from what was run, and closes the form."""
        if self.is_running:
            self._put_aside()
        elif self.layout_.middle.currentIndex() == _RUN and self.opening.agreed is None:
            self.again()
        else:
            self._leave()

    def again(self) -> None:
        """Back to the form, which has the same values still; secrets are typed anew."""
        self.page.reveal.forget()
        self.layout_.middle.setCurrentIndex(_FORM)
        self.told.hide()
        self._allow()
        self.form.setFocus()
        self._changed()

    def show_run(self, run: Run, unknown: Sequence[UnknownHostKey] = ()) -> None:
        """What became of it."""
        self.run_ = run
        self._last = self._last if unknown else None
        self._finish()
        self.page.show_run(run)
        if unknown:
            facts = "\n".join(tr_error(each) for each in unknown)
            self.told.tell("warning", facts, (tr("remote_view.trust"), lambda: self._trust(unknown)))
            self.told.focus_action()
        else:
            level, words = end_words(run)
            self.told.tell("success" if level == "success" else "error", words)

    @property
    def _dry(self) -> bool:
        return self.layout_.dry.isChecked()

    def _connect(self) -> None:
        control, layout = self.control, self.layout_
        control.previewed.connect(self._show_preview)
        control.refused.connect(self._refused)
        control.failed.connect(self._failed)
        control.waits.connect(self._waits)
        control.ended.connect(self._ended)
        self.page.failed.connect(lambda error: self.told.tell("error", tr_error(error)))
        self.form.changed.connect(self._changed)
        self.form.asked.connect(self._ask_choices)
        layout.dry.toggled.connect(self._changed)
        for button, do in ((layout.run, self.run), (layout.stop, self.stop), (layout.back, self.again)):
            button.clicked.connect(do)
        layout.aside.clicked.connect(self._put_aside)
        self._pause.timeout.connect(self._look)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.run)
        QShortcut(QKeySequence("Ctrl+."), self, self.stop)

    def _begin(self) -> None:
        opening, layout = self.opening, self.layout_
        layout.why.setText(opening.why)
        layout.why.setVisible(bool(opening.why))
        if opening.targets:
            self.form.hosts.fill(opening.targets)
        if opening.agreed is not None:
            self.form.hold(opening.targets)
            self.form.consent.words.setText(opening.agreed.consent)
            self.told.tell("info", tr("remote_view.agreed", name=opening.agreed.second), closable=False)
        self._allow()
        self._pause.start(0)

    def _ask(self) -> None:
        given = {name: value for name, value in self.form.filled().given.items() if isinstance(value, str)}
        question = filled(self._words.confirm, self.form.filled().targets, given)
        self.told.tell("warning", question, (tr("remote_view.do_it"), self._run_confirmed))
        self.told.focus_action()

    def _run_confirmed(self) -> None:
        self._confirmed = True
        self.run()

    def _start(self, wanted: Wanted) -> None:
        agreed = self.opening.agreed
        self._confirmed = False
        self.told.hide()
        self._last = wanted
        feed = Feed(distinct(wanted.targets) if self.manifest.takes_target else ())
        self.page.begin(feed)
        self.layout_.middle.setCurrentIndex(_RUN)
        self.control.start(wanted, feed, agreed.id if agreed is not None else None)
        self.form.forget_secrets()
        self._allow()
        self.page.output.setFocus()

    def _wanted(self) -> Wanted:
        return self.form.filled().wanted(self.manifest, self.opening.ticket_id, dry_run=self._dry)

    def _changed(self, *_: object) -> None:
        self._confirmed = self._previewed = False
        if self.opening.agreed is None:
            self.told.hide()
        self._pause.start()

    def _look(self) -> None:
        if self.layout_.middle.currentIndex() != _FORM:
            return
        try:
            good = self.form.look(self.form.filled(), dry_run=self._dry)
            wanted = self._wanted()
        except KnownError as error:
            self._refused(error)
            return
        if good:
            self.control.look(wanted)
        else:
            self.layout_.show_preview([tr("remote_view.preview_later")])

    def _show_preview(self, found: Sequence[tuple[str, str]]) -> None:
        if self.layout_.middle.currentIndex() == _FORM:
            self._previewed = True
            self.layout_.show_preview([words for _target, words in found])

    def _refused(self, error: KnownError) -> None:
        """A look at what would run; where it runs by now, that tells for itself."""
        if self.layout_.middle.currentIndex() == _FORM:
            at_its_line = self.form.refuse(error)
            self.layout_.show_preview([tr("remote_view.preview_none") if at_its_line else tr_error(error)])

    def _failed(self, error: KnownError) -> None:
        """It never began; or it did, and what became of it could not be written down."""
        self._finish()
        if not any(each.end is not None for each in self.page.feed.states.values()):
            self.again()
            if not self.form.refuse(error):
                self.told.tell("error", tr_error(error))
        else:
            self.told.tell("error", tr("remote_view.unwritten", why=tr_error(error)))

    def _waits(self, run: Run) -> None:
        self._finish()
        self.layout_.middle.setCurrentIndex(_FORM)
        self._allow()
        self.layout_.run.hide()
        self.told.tell("info", tr("remote_view.asked"))
        self.waits.emit(run)

    def _ended(self, run: Run, unknown: list[UnknownHostKey]) -> None:
        self.show_run(run, unknown)
        self.over.emit(run)

    def _trust(self, unknown: Sequence[UnknownHostKey]) -> None:
        """Once more, on those hosts alone."""
        hosts = {str(each.facts["host"]) for each in unknown}
        wanted = self._last
        if wanted is not None:
            self.control.pin(unknown, lambda: self._start(replace(wanted, targets=sorted(hosts))))

    def _ask_choices(self, entry: AskedChoice, source: ChoicesFrom) -> None:
        targets = self.form.filled().targets
        if self.manifest.takes_target and not targets:
            entry.refuse(tr("remote_view.ask_host_first"))
            return
        target = targets[0] if targets else ""
        entry.wait(tr("remote_view.asking", target=target or source.script))
        given = self.form.filled().given
        refuse = lambda error: entry.refuse(tr_error(error))  # noqa: E731
        self.control.ask_choices(entry, source, target, given, entry.offer, refuse)

    def _leave(self) -> None:
        self.page.reveal.forget()
        super().reject()
        self._to_the_desk()

    def _to_the_desk(self) -> None:
        """The keyboard goes back to where it was."""
        parent = self.parentWidget()
        if parent is not None:
            parent.window().activateWindow()

    def _put_aside(self) -> None:
        if self.is_running:
            self.hide()
            self._to_the_desk()
            self.aside.emit()

    def _finish(self) -> None:
        self.page.finish()
        self._allow()
        self.layout_.back.setFocus()

    def _allow(self) -> None:
        layout = self.layout_
        filling, running = layout.middle.currentIndex() == _FORM, self.is_running
        layout.run.setVisible(filling)
        layout.dry.setVisible(filling and self.manifest.dry_run and self.opening.agreed is None)
        for button in (layout.stop, layout.aside):
            button.setVisible(running)
        layout.stop.setText(tr("remote_view.stop"))
        layout.stop.setEnabled(running)
        layout.back.setVisible(not filling and not running and self.opening.agreed is None)
        layout.state.setVisible(not filling)
