"""Where things stand in the dialog for handing on. No logic."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.records.handoffs import PACKET_FIELDS
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.states import StateView

_SIZE = (1000, 720)
_LEFT = 420
_HEIGHTS = {"happening": 3, "tried": 4}
_LINES = 2
_MOST_NODES = 5


class EscalateLayout:
    """Builds the widgets and names them: the steps at the left, the packet at the right."""

    def __init__(self, dialog: QDialog, appearance: Appearance) -> None:
        self.state, self.stack = StateView(appearance), QStackedWidget()
        self.nodes, self.why = QListWidget(), wrapped("caption")
        self.nodes.setAccessibleName(tr("escalate.to"))
        self.nodes.setWordWrap(True)
        self.nodes.setProperty("role", "boxed")
        self.checks = QWidget()
        self.checks_title = section(tr("escalate.before"))
        self.check_column = QVBoxLayout(self.checks)
        self.check_column.setContentsMargins(0, 0, 0, 0)
        self.check_column.setSpacing(4)
        self.bypass = QLineEdit()
        self.bypass.setPlaceholderText(tr("escalate.bypass"))
        self.bypass.setAccessibleName(tr("escalate.bypass"))
        self.asked = QTreeWidget()
        self.asked.setRootIsDecorated(False)
        self.asked.setHeaderLabels([tr("escalate.when"), tr("escalate.who"), tr("escalate.then")])
        self.asked.setAccessibleName(tr("escalate.asked"))
        self.asked.setProperty("role", "boxed")
        self.fields = {name: _field(name) for name in PACKET_FIELDS}
        self.kept, self.anew = QLabel(tr("escalate.draft")), QPushButton(tr("escalate.anew"))
        self.kept.setProperty("role", "caption")
        self.anew.setProperty("role", "link")
        self.problem = wrapped("problem")
        self.do, self.cancel = QPushButton(tr("escalate.do")), QPushButton(tr("escalate.later"))
        self.do.setProperty("role", "primary")
        self.do.setToolTip(tr("escalate.do_hint"))
        self.cancel.setToolTip(tr("escalate.later_hint"))
        self._build(dialog)

    def _build(self, dialog: QDialog) -> None:
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(20)
        columns.addWidget(self._left())
        columns.addWidget(self._right(), 1)
        self.stack.addWidget(self.state)
        self.stack.addWidget(page)
        buttons = QHBoxLayout()
        buttons.addWidget(self.problem, 1)
        buttons.addWidget(self.do)
        buttons.addWidget(self.cancel)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(10)
        column.addWidget(self.stack, 1)
        column.addLayout(buttons)
        chain = (self.nodes, self.bypass, self.asked, *self.fields.values(), self.anew, self.do, self.cancel)
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)
        parent = dialog.parentWidget()
        room = parent.window().size() if parent is not None else dialog.size()
        dialog.resize(min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 20))

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(_LEFT)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(section(tr("escalate.to")))
        column.addWidget(self.nodes)
        column.addWidget(self.why)
        column.addSpacing(4)
        column.addWidget(self.checks_title)
        column.addWidget(self.checks)
        column.addWidget(self.bypass)
        column.addSpacing(4)
        column.addWidget(section(tr("escalate.asked")))
        column.addWidget(self.asked, 1)
        head = self.asked.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.asked.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.asked.setMinimumHeight(110)
        return left

    def fit_nodes(self) -> None:
        """As high as its lines, up to five of them."""
        rows = range(min(self.nodes.count(), _MOST_NODES))
        self.nodes.setFixedHeight(sum(self.nodes.sizeHintForRow(each) for each in rows) + 8)

    def _right(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(3)
        above = QHBoxLayout()
        above.addWidget(section(tr("escalate.packet")), 1)
        above.addWidget(self.kept)
        above.addWidget(self.anew)
        column.addLayout(above)
        for name, field in self.fields.items():
            label = QLabel(tr(f"packet.{name}"))
            label.setProperty("role", "field")
            label.setBuddy(field)
            column.addSpacing(4)
            column.addWidget(label)
            column.addWidget(field, _HEIGHTS.get(name, _LINES))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        return area


def section(words: str) -> QLabel:
    """A small heading."""
    label = QLabel(words)
    label.setProperty("role", "section")
    return label


def wrapped(role: str) -> QLabel:
    """Words that take as many lines as they need, and never widen what they stand in."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _field(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setProperty("role", "said")
    field.setTabChangesFocus(True)
    field.setPlaceholderText(tr(f"packet_hint.{name}"))
    field.setAccessibleName(tr(f"packet.{name}"))
    field.setAccessibleDescription(tr(f"packet_hint.{name}"))
    return field
