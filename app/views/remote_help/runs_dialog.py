"""What ran for a ticket: who, which version, where, with what, and what became of it; and once more."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.runs import Run
from app.services.wording import tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.states import StateView
from app.views.kit.times import date_words
from app.views.remote_help.documents import pretty
from app.views.remote_help.feed import shown
from app.views.remote_help.model import STATE_LOOKS, parameters_words, result_line, seconds_words

_SIZE = (980, 640)
_COLUMNS = ("at", "who", "script", "where", "outcome", "time")


class RunsDialog(QDialog):
    """The newest first. Return runs the current one once more; `again` brings it, `file_wanted` the whole output."""

    again = Signal(Run)
    file_wanted = Signal(Run)

    def __init__(self, runs: Sequence[Run], appearance: Appearance, parent: QWidget, number: int | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        title = tr("remote_runs.title") if number is None else tr("remote_runs.of_ticket", number=number)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(lambda _result: parent.window().activateWindow())
        self.list, self.facts, self.output = QTreeWidget(), QLabel(), QPlainTextEdit()
        self.once_more, self.whole = QPushButton(tr("remote_runs.again")), QPushButton(tr("remote_runs.whole"))
        self.state = StateView(appearance)
        self._build()
        for each in runs:
            item = QTreeWidgetItem(_words(each))
            item.setIcon(_COLUMNS.index("outcome"), appearance.icon(*STATE_LOOKS[each.outcome]))
            self.list.addTopLevelItem(item)
        self.list.currentItemChanged.connect(self._show)
        self.list.itemActivated.connect(self._again)
        self.once_more.clicked.connect(self._again)
        self.whole.clicked.connect(self._whole)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        else:
            self.state.empty("code", tr("remote_runs.none"), tr("remote_runs.none_hint"))
        self.state.setVisible(not runs)
        self._both.setVisible(bool(runs))
        self._show()

    @property
    def current(self) -> Run | None:
        item = self.list.currentItem()
        place = self.list.indexOfTopLevelItem(item) if item is not None else -1
        return self._runs[place] if place >= 0 else None

    def _show(self, *_: object) -> None:
        run = self.current
        self.once_more.setEnabled(run is not None)
        self.whole.setEnabled(run is not None and any(each.message_id for each in run.results))
        if run is not None:
            self.facts.setText(_facts(run))
            self.output.setPlainText(_said(run))

    def _again(self, *_: object) -> None:
        if self.current is not None:
            run = self.current
            self.accept()
            self.again.emit(run)

    def _whole(self) -> None:
        if self.current is not None:
            run = self.current
            self.accept()
            self.file_wanted.emit(run)

    def _build(self) -> None:
        self.list.setHeaderLabels([tr(f"remote_runs.column.{each}") for each in _COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(self.windowTitle())
        head = self.list.header()
        head.setStretchLastSection(False)
        for column in range(len(_COLUMNS)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(_COLUMNS.index("where"), QHeaderView.ResizeMode.Stretch)
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.output.setReadOnly(True)
        self.output.setTabChangesFocus(True)
        self.output.setFont(monospace())
        self.output.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.output.setAccessibleName(tr("remote_view.output"))
        self.output.setPlaceholderText(tr("remote_view.says_nothing"))
        lower = QWidget()
        told = QVBoxLayout(lower)
        told.setContentsMargins(0, 6, 0, 0)
        told.addWidget(self.facts)
        told.addWidget(self.output, 1)
        self._both = QSplitter(Qt.Orientation.Vertical)
        self._both.addWidget(self.list)
        self._both.addWidget(lower)
        self._both.setSizes([220, 340])
        self._both.setChildrenCollapsible(False)
        close = QPushButton(tr("button.close"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.once_more)
        row.addWidget(self.whole)
        row.addStretch(1)
        row.addWidget(close)
        for button in (self.once_more, self.whole, close):
            button.setAutoDefault(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 12)
        whole.addWidget(self._both, 1)
        whole.addWidget(self.state, 1)
        whole.addLayout(row)
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))


def _words(run: Run) -> list[str]:
    outcome = tr("remote_runs.refused") if run.refusal else tr(f"run_outcome.{run.outcome.value}")
    if run.dry_run:
        outcome = tr("remote_runs.dry", outcome=outcome)
    began = [each.started_at for each in run.results if each.started_at is not None]
    ended = [each.ended_at for each in run.results if each.ended_at is not None]
    lasted = seconds_words(_between(began, ended)) if began and ended else ""
    where = ", ".join(run.targets)
    return [date_words(run.at), run.agent, f"{run.script} {run.version}", where, outcome, lasted]


def _between(began: Sequence[datetime], ended: Sequence[datetime]) -> float:
    return max((max(ended) - min(began)).total_seconds(), 0.0)


def _facts(run: Run) -> str:
    """With which values, agreed by whom; then each target with what is known of it."""
    told = []
    values = parameters_words(run)
    if values:
        told.append(tr("remote_runs.values", values=values))
    if run.consent:
        told.append(tr("remote_runs.consent", words=run.consent))
    if run.refusal:
        told.append(tr("remote_runs.refused_by", name=run.second, words=run.refusal))
    elif run.second:
        told.append(tr("remote_runs.second", name=run.second))
    for each in run.results:
        line = result_line(each)
        code = tr("remote_view.exit", code=line.exit) if line.exit else ""
        parts = [tr("run_note.target", target=each.target, user=each.as_whom, outcome=line.state), code, line.last]
        told.append("  ".join(filter(None, parts)))
    return "\n".join(told)


def _said(run: Run) -> str:
    """The first of what each target said, and its table or document where there is one."""
    several = len(run.results) > 1
    parts = []
    for each in run.results:
        head = [f"== {each.target}"] if several else []
        said = "\n".join(map(shown, each.head.rstrip().split("\n"))) if each.head.strip() else ""
        document = pretty(each.document) if each.document is not None and not said else ""
        parts.append("\n".join([*head, *filter(None, (said, document))]))
    return "\n\n".join(filter(None, parts))
