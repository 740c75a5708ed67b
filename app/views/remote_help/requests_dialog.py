"""Runs that a second person must agree to: what would run where as whom, and the answer; one's own, to be started."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services.remote_help.agreeing import Answer, Request
from app.services.wording import tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.states import StateView
from app.views.remote_help.model import name_of, risk_words
from app.views.remote_help.requests_model import answer_words, facts_words, line_words, preview_words
from app.views.remote_help.risk import RiskBadge

_SIZE, _LIST = (900, 560), 300


class RequestsDialog(QDialog):
    """`agreed` and `refused` bring the answer, `started` one's own that goes on, `ticket_wanted` its ticket."""

    agreed = Signal(Request)
    refused = Signal(Request)
    started = Signal(Request)
    ticket_wanted = Signal(Request)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("remote_requests.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(lambda _result: parent.window().activateWindow())
        self._appearance = appearance
        self._requests: Sequence[Request] = ()
        self.list, self.title, self.risk, self.answer = QListWidget(), QLabel(), RiskBadge(appearance), QLabel()
        self.facts, self.preview, self.state = QLabel(), QPlainTextEdit(), StateView(appearance)
        self.agree, self.refuse = QPushButton(tr("remote_requests.agree")), QPushButton(tr("remote_requests.refuse"))
        self.start, self.ticket = QPushButton(tr("remote_requests.start")), QPushButton()
        self._build()
        self.list.currentRowChanged.connect(lambda _row: self._show())
        for button, signal in (
            (self.agree, self.agreed), (self.refuse, self.refused), (self.start, self.started),
            (self.ticket, self.ticket_wanted),
        ):  # fmt: skip
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, signal=signal: self._tell(signal))
        QShortcut(QKeySequence("Ctrl+Return"), self, self._do)

    def show_requests(self, requests: Sequence[Request]) -> None:
        """As they are now; the current one stays the current one."""
        kept = self.current.run.id if self.current is not None else None
        self._requests = requests
        self.list.clear()
        for each in requests:
            item = QListWidgetItem(line_words(each))
            item.setIcon(self._appearance.icon("lock" if each.answer is Answer.AWAITED else "check", "muted"))
            self.list.addItem(item)
        place = next((row for row, each in enumerate(requests) if each.run.id == kept), 0)
        self.list.setCurrentRow(place if requests else -1)
        self.state.empty("done", tr("remote_requests.none"), tr("remote_requests.none_hint"))
        self.state.setVisible(not requests)
        self._page.setVisible(bool(requests))
        self._show()

    @property
    def current(self) -> Request | None:
        row = self.list.currentRow()
        return self._requests[row] if 0 <= row < len(self._requests) else None

    def _show(self) -> None:
        request = self.current
        theirs = request is not None and not request.mine
        self.agree.setVisible(theirs)
        self.refuse.setVisible(theirs)
        self.start.setVisible(request is not None and request.mine and request.answer is Answer.AGREED)
        self.ticket.setVisible(request is not None and request.run.number is not None)
        if request is None:
            return
        self.title.setText(name_of(request.manifest))
        self.risk.show_risk(request.manifest)
        self.risk.setAccessibleName(risk_words(request.manifest))
        self.answer.setText(answer_words(request))
        self.facts.setText(facts_words(request))
        self.preview.setPlainText(preview_words(request))
        self.ticket.setText(tr("remote_requests.ticket", number=request.run.number or ""))

    def _tell(self, signal: object) -> None:
        if self.current is not None:
            signal.emit(self.current)  # type: ignore[attr-defined]

    def _do(self) -> None:
        """What is most likely meant: start one's own. Agreeing is never a slip of the hand."""
        if self.start.isVisible():
            self._tell(self.started)

    def _build(self) -> None:
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(self.windowTitle())
        self.list.setFixedWidth(_LIST)
        self.list.setWordWrap(True)
        self.title.setProperty("role", "heading")
        self.preview.setReadOnly(True)
        self.preview.setProperty("role", "report")
        self.preview.setFont(monospace())
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(tr("remote_view.preview"))
        head = QLabel(tr("remote_view.preview"))
        head.setProperty("role", "section")
        for label in (self.title, self.answer, self.facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.agree.setProperty("role", "primary")
        self.start.setProperty("role", "primary")
        self._page = QWidget()
        both = QHBoxLayout(self._page)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(14)
        both.addWidget(self.list)
        told = QVBoxLayout()
        told.setSpacing(8)
        told.addWidget(self.title)
        told.addWidget(self.risk, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.answer, self.facts, head):
            told.addWidget(widget)
        told.addWidget(self.preview, 1)
        told.addLayout(self._buttons())
        both.addLayout(told, 1)
        close = QPushButton(tr("button.close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.addWidget(self._page, 1)
        column.addWidget(self.state, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(*_SIZE)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.ticket)
        row.addStretch(1)
        for button in (self.refuse, self.agree, self.start):
            row.addWidget(button)
        return row
