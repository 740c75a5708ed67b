"""Texts that are written again and again, and the teams' signatures: made, changed and deleted."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.records.canned import Canned
from app.models.records.desk import Actor
from app.services import canned, signatures, staff
from app.services.database import Database
from app.services.desk import Desk
from app.services.signatures import Signature
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.states import StateView
from app.views.kit.task_runner import TaskRunner
from app.views.writing.text_pages import ReplyPage, SignaturePage
from app.views.writing.texts_model import Texts, audience_words, audiences, empty_reply

_LIST_WIDTH = 230
_GOOD_NEWS_MS = 5_000
_ITEM = int(Qt.ItemDataRole.UserRole)


class TextsControl(QObject):
    """`listed` brings all there is whenever it was read, `done` what was changed, in words."""

    listed = Signal(Texts)
    done = Signal(str)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner

    def look(self) -> None:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None

        def work() -> Texts:
            return Texts(
                tuple(canned.canned(database, actor)),
                tuple(signatures.signatures(database)),
                tuple(staff.teams(database)),
            )

        self._runner.read(self, work, self.listed.emit, self.failed.emit, lane="texts")

    def store(self, reply: Canned) -> None:
        self._write(tr("texts.saved"), lambda database, actor: canned.save(database, actor, reply))

    def remove(self, reply: Canned) -> None:
        self._write(
            tr("texts.removed", name=reply.name), lambda database, actor: canned.remove(database, actor, reply.id)
        )

    def sign(self, signature: Signature) -> None:
        self._write(
            tr("texts.saved"),
            lambda database, actor: signatures.save(database, actor, signature.team_id, signature.text),
        )

    def _write(self, told: str, work: Callable[[Database, Actor], None]) -> None:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        self._runner.write(self, lambda: work(database, actor), lambda _nothing: self._did(told), self.failed.emit)

    def _did(self, told: str) -> None:
        self.done.emit(told)
        self.look()


class TextsDialog(QDialog):
    """All texts and signatures on the left, the chosen one on the right."""

    def __init__(
        self, desk: Desk, runner: TaskRunner, appearance: Appearance, values: Mapping[str, str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("texts.title"))
        assert desk.actor is not None
        self._actor, self._appearance, self._values = desk.actor, appearance, values
        self._texts = Texts()
        self._wanted: object = None
        self._warned = False
        self.control = TextsControl(desk, runner, self)
        self.list, self.new, self.told = QListWidget(), QPushButton(tr("texts.new")), Banner(appearance)
        self._stack = QStackedWidget()
        self._build()
        self.control.listed.connect(self._show)
        self.control.done.connect(lambda words: self.told.tell("success", words, milliseconds=_GOOD_NEWS_MS))
        self.control.failed.connect(lambda error: self.told.tell("error", tr_error(error)))
        self.list.currentItemChanged.connect(lambda item, _before: self._choose(item))
        self.new.clicked.connect(self.begin_new)
        self.control.look()

    @property
    def page(self) -> QWidget | None:
        """What stands on the right."""
        shown: QWidget | None = self._stack.currentWidget()
        return shown

    def begin_new(self) -> None:
        """An empty text, with the caret in its name."""
        self.list.setCurrentItem(None)  # type: ignore[call-overload]
        self._open_reply(empty_reply(self._actor))
        if isinstance(self.page, ReplyPage):
            self.page.name.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # in a name or a list it must not press the first button there is
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._keeps_open():
            event.ignore()
        else:
            super().closeEvent(event)

    def reject(self) -> None:
        if not self._keeps_open():
            super().reject()

    def _keeps_open(self) -> bool:
        """Whether something unsaved was just told of; the next time it closes."""
        page = self.page
        if self._warned or not isinstance(page, ReplyPage | SignaturePage) or not page.is_changed:
            return False
        self._warned = True
        self.told.tell("warning", tr("texts.unsaved"), (tr("texts.close_anyway"), self.reject))
        return True

    def _show(self, texts: Texts) -> None:
        self._texts = texts
        self.list.blockSignals(True)
        self.list.clear()
        self._add_heading(tr("texts.replies") if texts.replies else "")
        for reply in texts.replies:
            self._add(reply, reply.id, "text", reply.name, audience_words(reply, texts.teams))
        self._add_heading(tr("texts.signatures"))
        for each in texts.signatures:
            self._add(each, each.team_id, "draft", each.team, tr("texts.signature_of", team=each.team))
        self.list.blockSignals(False)
        places = [self._key(self.list.item(row)) for row in range(self.list.count())]
        if self._wanted is not None and self._wanted in places:
            self.list.setCurrentRow(places.index(self._wanted))
        elif texts.replies:
            self.list.setCurrentRow(1)
        else:
            self._nothing()

    def _add(self, value: Canned | Signature, key: object, icon: str, words: str, detail: str) -> None:
        item = QListWidgetItem(QIcon(self._appearance.icon(icon)), words)
        item.setToolTip(f"{words}  ·  {detail}")
        item.setData(_ITEM, (key, value))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (words, detail))))
        self.list.addItem(item)

    def _add_heading(self, words: str) -> None:
        if words:
            heading = QListWidgetItem(words)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            face = heading.font()
            face.setPointSizeF(face.pointSizeF() * 0.9 if face.pointSizeF() > 0 else 9)
            face.setBold(True)
            heading.setFont(face)
            heading.setForeground(self._appearance.theme.colour("muted"))
            self.list.addItem(heading)

    @staticmethod
    def _key(item: QListWidgetItem) -> object:
        told = item.data(_ITEM)
        return told[0] if told else None

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.data(_ITEM):
            return
        self._wanted, value = item.data(_ITEM)
        if isinstance(value, Canned):
            self._open_reply(value)
        else:
            page = SignaturePage(value, self._values, may_edit=signatures.may_edit(self._actor))
            page.stored.connect(self.control.sign)
            self._turn_to(page)

    def _open_reply(self, reply: Canned) -> None:
        may_edit = canned.may_edit(self._actor, reply)
        choices = audiences(self._actor, self._texts.teams) if may_edit else []
        page = ReplyPage(reply, choices, self._values, self._appearance, may_edit=may_edit)
        page.stored.connect(self._store)
        page.removed.connect(self.control.remove)
        page.remove.setVisible(may_edit and bool(reply.name))
        self._turn_to(page)

    def _store(self, reply: Canned) -> None:
        self._wanted = reply.id
        self.control.store(reply)

    def _nothing(self) -> None:
        view = StateView(self._appearance)
        view.empty("text", tr("texts.none"), tr("texts.none_hint"))
        self._turn_to(view)

    def _turn_to(self, page: QWidget) -> None:
        before = self.page
        self._warned = False
        self._stack.setCurrentIndex(self._stack.addWidget(page))
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.told)
        row = QHBoxLayout()
        row.setContentsMargins(14, 16, 18, 14)
        row.setSpacing(18)
        left = QVBoxLayout()
        left.setSpacing(8)
        self.list.setProperty("role", "sidebar")
        self.list.setAccessibleName(tr("texts.title"))
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.new.setAutoDefault(False)
        left.addWidget(self.list, 1)
        left.addWidget(self.new)
        row.addLayout(left)
        row.addWidget(self._stack, 1)
        whole.addLayout(row, 1)
        self.resize(900, 640)
