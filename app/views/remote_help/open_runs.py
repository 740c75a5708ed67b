"""The run dialogs of a window: several may be open, and those put aside wait in a strip."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from app.models.records.runs import Run
from app.services.wording import tr
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.model import name_of
from app.views.remote_help.running_strip import RunningStrip
from app.views.window.shell import Shell


class OpenRuns(QObject):
    """`ended` brings the dialog of a run that is over, `waits` a run that a second person must agree to.

    Whoever closes the window while something runs is asked; what is stopped then is written down before it goes.
    """

    ended = Signal(RunDialog, Run)
    waits = Signal(Run)

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell
        self.dialogs: list[RunDialog] = []
        self.question: QMessageBox | None = None
        self._leaving = False
        self.strip = RunningStrip()
        self.strip.wanted.connect(self.bring_back)
        self.strip.stopped.connect(self.stop_aside)
        shell.layout.add_below(self.strip)
        shell.ask_before_closing(self._may_close)
        shell.closing.connect(self.stop)

    def open(self, opening: Opening, control: RunControl | None = None) -> RunDialog:
        """The form of a script; `control` where it runs otherwise than by everybody."""
        shell = self._shell
        runs = control or RunControl(shell.desk, shell.runner)
        dialog = RunDialog(opening, runs, shell.appearance, shell.window)
        dialog.aside.connect(self._show_strip)
        dialog.over.connect(partial(self._over, dialog))
        dialog.waits.connect(self.waits)
        dialog.finished.connect(partial(self._closed, dialog))
        dialog.destroyed.connect(partial(self._gone, id(dialog)))
        self.dialogs.append(dialog)
        dialog.show()
        dialog.form.setFocus() if not dialog.form.is_empty else dialog.layout_.run.setFocus()
        return dialog

    def bring_back(self) -> None:
        """The last that was put aside, or else the last there is."""
        hidden = [each for each in self.dialogs if each.isHidden()]
        for dialog in (hidden or self.dialogs)[-1:]:
            dialog.show()
            dialog.raise_()
            dialog.activateWindow()
        self._show_strip()

    def stop_aside(self) -> None:
        for each in self.dialogs:
            if each.isHidden():
                each.stop()

    def stop(self) -> None:
        for each in self.dialogs:
            each.control.stop()

    @property
    def running(self) -> list[RunDialog]:
        return [each for each in self.dialogs if each.is_running]

    def _may_close(self) -> bool:
        count = len(self.running)
        if not count or self._leaving:
            return True
        if self.question is None:
            self._ask(tr("remote_view.closing", count=count, names=", ".join(map(_name, self.running))))
        return False

    def _ask(self, words: str) -> None:
        question = QMessageBox(
            QMessageBox.Icon.Warning, tr("remote_view.closing_title"), words, parent=self._shell.window
        )
        stay = question.addButton(tr("remote_view.closing_stay"), QMessageBox.ButtonRole.RejectRole)
        leave = question.addButton(tr("remote_view.closing_stop"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(stay)
        question.setEscapeButton(stay)
        question.finished.connect(lambda _result: self._answered(question.clickedButton() is leave))
        self.question = question
        question.open()

    def _answered(self, leaves: bool) -> None:
        question, self.question = self.question, None
        if question is not None:
            question.deleteLater()
        if leaves:
            self._leaving = True
            self.stop()
            self._leave_when_done()

    def _leave_when_done(self) -> None:
        if self._leaving and not self.running:
            self._shell.window.close()

    def _over(self, dialog: RunDialog, run: Run) -> None:
        self._show_strip()
        self.ended.emit(dialog, run)
        self._leave_when_done()

    def _closed(self, dialog: RunDialog, *_: object) -> None:
        if dialog in self.dialogs and not dialog.is_running:
            self.dialogs.remove(dialog)
        self._show_strip()

    def _gone(self, address: int, *_: object) -> None:
        self.dialogs = [each for each in self.dialogs if id(each) != address]

    def _show_strip(self) -> None:
        hidden = [each for each in self.dialogs if each.isHidden()]
        running = [_name(each) for each in hidden if each.is_running]
        self.strip.show_running(running, [_name(each) for each in hidden if not each.is_running])


def _name(dialog: RunDialog) -> str:
    return name_of(dialog.manifest)
