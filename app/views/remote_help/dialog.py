"""One script: what it does, what it asks for, exactly what will run, what it says, and what became of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.records.runs import Outcome, Run, Value
from app.models.records.scripts import Manifest, Risk
from app.services.remote_help.preparing import Wanted
from app.services.remote_help.transports.interface import UnknownHostKey
from app.services.wording import language, tr, tr_error
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.banner import Banner
from app.views.remote_help.control import RunControl
from app.views.remote_help.form import ScriptForm
from app.views.remote_help.model import confirm_words, result_words
from app.views.remote_help.output_view import OutputView

_PAUSE_MS, _TICK_MS = 300, 200


class RunDialog(QDialog):
    """Ctrl+Return runs it, Ctrl+. stops it. A dialog that is closed stops what it runs: the record stays."""

    def __init__(
        self,
        manifest: Manifest,
        values: Mapping[str, Value],
        ticket_id: UUID | None,
        appearance: Appearance,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.manifest, self._ticket_id = manifest, ticket_id
        self._words = manifest.words(language())
        self.setWindowTitle(self._words.name)
        self.form, self.output = ScriptForm(manifest, values), OutputView()
        self.preview, self.state, self.shown_once = QLabel(), QLabel(), QLabel()
        self.told, self.results = Banner(appearance), QTreeWidget()
        self.dry, self.run_, self.stop_ = QCheckBox(tr("remote_view.dry_run")), QPushButton(), QPushButton()
        self.back, self.middle = QPushButton(tr("remote_view.again")), QStackedWidget()
        self.control: RunControl | None = None
        self._confirmed = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._tick, self._lasting = QTimer(self, interval=_TICK_MS), QElapsedTimer()
        self._build()
        self.resize(720, 560)

    def work_with(self, control: RunControl) -> None:
        """What it asks; the dialog is its parent from now on."""
        control.setParent(self)
        self.control = control
        control.previewed.connect(self._show_preview)
        control.refused.connect(self._refused)
        control.failed.connect(self._failed)
        control.over.connect(self._over)
        control.waits.connect(lambda run: self.told.tell("info", tr("remote_view.asked", run=run)))
        control.ended.connect(self._ended)
        self.form.changed.connect(self._changed)
        self.dry.toggled.connect(self._changed)
        self.run_.clicked.connect(self.run)
        self.stop_.clicked.connect(self._stop)
        self.back.clicked.connect(self._again)
        self._pause.timeout.connect(self._look)
        self._tick.timeout.connect(self._tell_time)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.run)
        QShortcut(QKeySequence("Ctrl+."), self, self._stop)
        self._pause.start(0)

    def run(self) -> None:
        """Begin; what changes something is asked about first."""
        control = self.control
        filling = self.middle.currentIndex() == 0 and self.run_.isEnabled()
        if control is None or control.is_running or not filling:
            return
        if self.manifest.risk is not Risk.READ and not self.dry.isChecked() and not self._confirmed:
            given = {name: value for name, value in self.form.given().items() if isinstance(value, str)}
            question = confirm_words(self._words.confirm, self.form.targets(), given)
            self.told.tell("warning", question, (tr("remote_view.do_it"), self._run_confirmed))
            self.told.focus_action()
            return
        self._confirmed = False
        self.told.hide()
        self.shown_once.hide()
        self.results.clear()
        self.output.begin(several=len(self.form.targets()) > 1)
        self.middle.setCurrentIndex(1)
        self._lasting.start()
        self._tick.start()
        self._allow(running=True)
        self.output.setFocus()
        wanted = self._wanted()
        control.start(lambda: wanted)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.control is not None:
            self.control.stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape goes back from what was run, and closes the form."""
        if self.middle.currentIndex() == 1 and self.control is not None and not self.control.is_running:
            self._again()
        elif self.control is None or not self.control.is_running:
            super().reject()

    def _run_confirmed(self) -> None:
        self._confirmed = True
        self.run()

    def _wanted(self) -> Wanted:
        form = self.form
        return Wanted(
            self.manifest.id, form.targets(), form.given(), self._ticket_id, self.dry.isChecked(), form.consent()
        )

    def _changed(self, *_: object) -> None:
        self._confirmed = False
        self.run_.setEnabled(False)
        self.told.hide()
        self._pause.start()

    def _look(self) -> None:
        if self.control is not None and self.middle.currentIndex() == 0:
            try:
                wanted = self._wanted()
            except KnownError as error:
                self._refused(error)
            else:
                self.control.look(lambda: wanted)

    def _show_preview(self, found: Sequence[tuple[str, str]]) -> None:
        self.form.tell({})
        self.preview.setText("\n".join(words for _target, words in found))
        self.run_.setEnabled(True)

    def _failed(self, error: KnownError) -> None:
        """It never began."""
        self._finish()
        self._again()
        self.told.tell("error", tr_error(error))

    def _refused(self, error: KnownError) -> None:
        """A look at what would run; where it runs by now, that tells for itself."""
        if self.middle.currentIndex() != 0:
            return
        self.preview.setText("" if self.form.refuse(error) else tr_error(error))
        self.run_.setEnabled(False)

    def _stop(self) -> None:
        if self.control is not None and self.control.is_running:
            self.control.stop()
            self.state.setText(tr("remote_view.stopping"))
            self.stop_.setEnabled(False)

    def _over(self, target: str, revealed: Mapping[str, str]) -> None:
        """What is shown once, to whoever runs it, and kept nowhere."""
        lines = [
            tr("remote_view.revealed", target=target, label=label, secret=secret) for label, secret in revealed.items()
        ]
        if lines:
            self.shown_once.setText("\n".join(filter(None, (self.shown_once.text(), *lines))))
            self.shown_once.show()

    def _ended(self, run: Run, unknown: list[UnknownHostKey]) -> None:
        self._finish()
        for each in run.results:
            item = QTreeWidgetItem(list(result_words(each)))
            item.setToolTip(2, item.text(2))
            self.results.addTopLevelItem(item)
        for column in (0, 1):
            self.results.resizeColumnToContents(column)
        self.results.setColumnWidth(2, 330)
        if unknown:
            facts = "\n".join(tr_error(each) for each in unknown)
            self.told.tell("warning", facts, (tr("remote_view.trust"), lambda: self._trust(unknown)))
            self.told.focus_action()
        elif run.results and run.outcome is Outcome.SUCCEEDED:
            self.told.tell("success", tr("remote_view.succeeded"))
        elif run.results:
            why = next((known for _, _, known, _ in map(result_words, run.results) if known), "")
            self.told.tell("error", tr("remote_view.not_succeeded", why=why))

    def _trust(self, unknown: Sequence[UnknownHostKey]) -> None:
        if self.control is not None:
            self._again()
            self._confirmed = True
            self.run_.setEnabled(True)
            self.control.pin(unknown, self.run)

    def _finish(self) -> None:
        self._tick.stop()
        self.output.end()
        self._tell_time()
        self._allow(running=False)
        self.back.setFocus()

    def _again(self) -> None:
        """Back to the form, which has the same values still."""
        self.middle.setCurrentIndex(0)
        self.told.hide()
        self._allow(running=False)
        self.form.setFocus()
        self._pause.start(0)

    def _tell_time(self) -> None:
        self.state.setText(tr("remote_view.seconds", seconds=f"{self._lasting.elapsed() / 1000:.1f}"))

    def _allow(self, *, running: bool) -> None:
        filling = self.middle.currentIndex() == 0
        self.run_.setVisible(filling)
        self.dry.setVisible(filling and self.manifest.dry_run)
        self.stop_.setVisible(running)
        self.stop_.setEnabled(running)
        self.back.setVisible(not filling and not running)
        self.state.setVisible(not filling)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        title, does = QLabel(self._words.name), QLabel(self._words.description)
        changes = QLabel(tr("remote_view.changes", changes=self._words.changes, undo=self._words.undo))
        title.setProperty("role", "title")
        for label in (does, changes, self.preview, self.shown_once):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        changes.setProperty("role", "caption")
        self.preview.setFont(monospace())
        self.preview.setAccessibleName(tr("remote_view.preview"))
        self.shown_once.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.shown_once.hide()
        for widget in (title, does, changes, self.told):
            column.addWidget(widget)
        self.middle.addWidget(self._asking())
        self.middle.addWidget(self._telling())
        column.addWidget(self.middle, 1)
        column.addLayout(self._buttons())
        self._allow(running=False)

    def _asking(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        head = QLabel(tr("remote_view.preview"))
        head.setProperty("role", "section")
        column.addWidget(self.form, 1)
        column.addWidget(head)
        column.addWidget(self.preview)
        return page

    def _telling(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self.results.setHeaderLabels(
            [tr(f"remote_view.column.{each}") for each in ("target", "outcome", "known", "time")]
        )
        self.results.setRootIsDecorated(False)
        self.results.setProperty("role", "boxed")
        self.results.setAccessibleName(tr("remote_view.results"))
        self.results.setMaximumHeight(150)
        column.addWidget(self.output, 1)
        column.addWidget(self.shown_once)
        column.addWidget(self.results)
        return page

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.run_.setText(tr("remote_view.run"))
        self.run_.setProperty("role", "primary")
        self.run_.setToolTip("Ctrl+Return")
        self.run_.setEnabled(False)
        self.stop_.setText(tr("remote_view.stop"))
        self.stop_.setToolTip("Ctrl+.")
        row.addWidget(self.dry)
        row.addWidget(self.state)
        row.addStretch(1)
        for button in (self.back, self.stop_, self.run_):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row
