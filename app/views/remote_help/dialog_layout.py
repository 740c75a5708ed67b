"""Where things stand in the run dialog. No logic."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.records.scripts import Manifest
from app.services.wording import language, tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.banner import Banner
from app.views.remote_help.form import ScriptForm
from app.views.remote_help.model import target_title
from app.views.remote_help.risk import RiskBadge
from app.views.remote_help.run_page import RunPage

_SIZE = (860, 700)
_LEAST_LINES, _MOST_LINES = 1, 6


class RunLayout:
    """Builds the widgets of a dialog and names them. The first page of `middle` is the form, the second the run."""

    def __init__(self, dialog: QDialog, manifest: Manifest, form: ScriptForm, appearance: Appearance) -> None:
        page = RunPage(appearance, target_title(manifest.transport))
        self.form, self.page, self.told = form, page, Banner(appearance)
        self.risk, self.why, self.preview = RiskBadge(appearance), QLabel(), QPlainTextEdit()
        self.dry, self.middle = QCheckBox(tr("remote_view.dry_run")), QStackedWidget()
        self.run, self.stop = QPushButton(tr("remote_view.run")), QPushButton(tr("remote_view.stop"))
        self.back, self.aside = QPushButton(tr("remote_view.again")), QPushButton(tr("remote_view.aside"))
        self.state = self.page.state
        self.risk.show_risk(manifest)
        words = manifest.words(language())
        column = QVBoxLayout(dialog)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addLayout(self._head(words.name))
        does = QLabel(words.description)
        changes = QLabel(tr("remote_view.changes", changes=words.changes, undo=words.undo))
        changes.setProperty("role", "caption")
        self.why.setProperty("role", "caption")
        for label in (does, changes, self.why):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        column.addWidget(self.told)
        self.middle.addWidget(self._asking())
        self.middle.addWidget(self.page)
        column.addWidget(self.middle, 1)
        column.addLayout(self._buttons())
        parent = dialog.parentWidget()
        room = parent.window().size() if parent is not None else dialog.size()
        dialog.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))

    def show_preview(self, lines: list[str]) -> None:
        """As high as its lines, up to some; all of them are there to be read."""
        self.preview.setPlainText("\n".join(lines))
        wrapped = round(self.preview.document().size().height())
        count = min(max(len(lines), wrapped, _LEAST_LINES), _MOST_LINES)
        self.preview.setFixedHeight(self.preview.fontMetrics().lineSpacing() * count + 18)

    def _head(self, name: str) -> QHBoxLayout:
        title = QLabel(name)
        title.setProperty("role", "title")
        title.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(self.risk, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _asking(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        head = QLabel(tr("remote_view.preview"))
        head.setProperty("role", "section")
        self.preview.setReadOnly(True)
        self.preview.setProperty("role", "report")
        self.preview.setTabChangesFocus(True)
        self.preview.setFont(monospace())
        self.preview.setAccessibleName(tr("remote_view.preview"))
        head.setBuddy(self.preview)
        column.addWidget(self.form, 1)
        column.addWidget(head)
        column.addWidget(self.preview)
        self.show_preview([])
        return page

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.run.setProperty("role", "primary")
        for button, keys in ((self.run, "Ctrl+Return"), (self.stop, "Ctrl+."), (self.aside, "Esc")):
            button.setToolTip(f"{button.text()}  ({keys})")
        row.addWidget(self.dry)
        row.addWidget(self.state)
        row.addStretch(1)
        for button in (self.back, self.aside, self.stop, self.run):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row
