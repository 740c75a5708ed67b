"""Handing a ticket on: to which step and why, what must be done before, who is asked, and the packet."""

from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QListWidgetItem, QTreeWidgetItem, QWidget

from app.models.errors import KnownError
from app.models.records.handoffs import Packet
from app.services.escalation.drafts import PacketDraft
from app.services.wording import tr, tr_error
from app.views.escalating.dialog_layout import EscalateLayout
from app.views.escalating.dialog_model import Offer, asked, node_lines, why
from app.views.kit.appearance import Appearance

_KEY = int(Qt.ItemDataRole.UserRole)
_PAUSE = 700
"""Milliseconds after the last key until what was typed is kept."""


class EscalateDialog(QDialog):
    """`wanted` brings what is to be handed on, `typed` what was entered so far, `given_up` that it may be forgotten.

    Closing it keeps what was typed.
    """

    wanted = Signal(PacketDraft)
    typed = Signal(PacketDraft)
    given_up = Signal()

    def __init__(self, ticket_id: UUID, number: int, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ticket_id = ticket_id
        self._offer: Offer | None = None
        self._began: PacketDraft | None = None
        self._handed = False
        self.setWindowTitle(tr("escalate.title", number=number))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.layout_ = EscalateLayout(self, appearance)
        self._checks: dict[str, QCheckBox] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._keep)
        layout = self.layout_
        layout.nodes.currentRowChanged.connect(self._chosen)
        layout.bypass.textEdited.connect(lambda _words: self._pause.start())
        for field in layout.fields.values():
            field.textChanged.connect(self._pause.start)
        layout.do.clicked.connect(self._hand_over)
        layout.cancel.clicked.connect(self.reject)
        layout.anew.clicked.connect(self._begin_anew)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._hand_over)
        layout.do.setEnabled(False)
        layout.state.loading()

    def show_offer(self, offer: Offer) -> None:
        """Where it may go, and what stood here when it was closed."""
        self._offer = offer
        layout = self.layout_
        for line in node_lines(offer.proposal):
            item = QListWidgetItem(f"{line.title}\n{line.detail}")
            item.setData(_KEY, line.key)
            layout.nodes.addItem(item)
        layout.fit_nodes()
        self._fill(offer.begin)
        for each in (layout.kept, layout.anew):
            each.setVisible(offer.draft is not None)
        layout.stack.setCurrentIndex(1)
        layout.do.setEnabled(True)
        layout.fields["happening"].setFocus()

    def show_failure(self, error: KnownError) -> None:
        """It cannot be handed on at all."""
        self.layout_.state.empty("level", tr("escalate.nowhere"), tr_error(error))
        self.layout_.do.hide()
        self.layout_.cancel.setText(tr("button.close"))
        self.layout_.cancel.setFocus()

    def refuse(self, error: KnownError) -> None:
        """What is missing stands beside the button, and the caret there."""
        layout = self.layout_
        layout.do.setEnabled(True)
        layout.problem.setText(tr_error(error))
        unticked = [box for box in self._checks.values() if not box.isChecked()]
        if error.code.startswith("escalation.not_ticked") and unticked:
            unticked[0].setFocus()
        elif error.code.startswith("escalation.packet"):
            layout.fields["happening"].setFocus()

    def handed_over(self) -> None:
        """It is done: nothing of it is to be kept."""
        self._handed = True
        self._pause.stop()
        self.accept()

    def done(self, result: int) -> None:
        if self._pause.isActive() and not self._handed:
            self._pause.stop()
            self._keep()
        super().done(result)

    @property
    def entered(self) -> PacketDraft:
        layout = self.layout_
        packet = Packet(**{name: field.toPlainText().strip() for name, field in layout.fields.items()})
        ticked = tuple(words for words, box in self._checks.items() if box.isChecked())
        return PacketDraft(self._node, packet, ticked, layout.bypass.text().strip())

    @property
    def checks(self) -> dict[str, QCheckBox]:
        return dict(self._checks)

    @property
    def _node(self) -> str:
        item = self.layout_.nodes.currentItem()
        return str(item.data(_KEY)) if item is not None else ""

    def _fill(self, draft: PacketDraft) -> None:
        layout, offer = self.layout_, self._offer
        assert offer is not None
        keys = [each.step.key for each in offer.proposal.nodes]
        layout.nodes.setCurrentRow(keys.index(draft.node))
        for name, field in layout.fields.items():
            field.setPlainText(getattr(draft.packet, name))
        for words, box in self._checks.items():
            box.setChecked(words in draft.ticked)
        layout.bypass.setText(draft.bypass)
        self._pause.stop()
        self._began = self.entered

    def _begin_anew(self) -> None:
        """As if nothing had been written before."""
        offer = self._offer
        assert offer is not None
        self._fill(PacketDraft(offer.proposal.nodes[0].step.key, offer.prefilled))
        self.layout_.kept.hide()
        self.layout_.anew.hide()
        self.layout_.fields["happening"].setFocus()
        self.given_up.emit()

    def _chosen(self, _row: int) -> None:
        offer, layout = self._offer, self.layout_
        if offer is None or not self._node:
            return
        node = offer.node(self._node)
        layout.why.setText(why(offer.proposal, self._node))
        lines = [QTreeWidgetItem(list(each)) for each in asked(node, offer.proposal.at)]
        layout.asked.clear()
        layout.asked.addTopLevelItems(lines)
        ticked = {words for words, box in self._checks.items() if box.isChecked()}
        for box in self._checks.values():
            layout.check_column.removeWidget(box)
            box.deleteLater()
        self._checks = {words: self._check(words, ticked=words in ticked) for words in node.prerequisites}
        for first, second in pairwise((layout.nodes, *self._checks.values(), layout.bypass)):
            QWidget.setTabOrder(first, second)
        layout.checks_title.setVisible(bool(self._checks))
        layout.checks.setVisible(bool(self._checks))
        layout.bypass.setVisible(bool(self._checks) and offer.may_bypass)
        self._pause.start()

    def _check(self, words: str, *, ticked: bool) -> QCheckBox:
        box = QCheckBox(words.replace("&", "&&"))
        box.setChecked(ticked)
        box.toggled.connect(lambda _checked: self._pause.start())
        self.layout_.check_column.addWidget(box)
        return box

    def _keep(self) -> None:
        if self._offer is not None and self.entered != self._began:
            self.typed.emit(self.entered)

    def _hand_over(self) -> None:
        if self._offer is not None and self.layout_.do.isEnabled():
            self.layout_.problem.clear()
            self.layout_.do.setEnabled(False)
            self.wanted.emit(self.entered)
