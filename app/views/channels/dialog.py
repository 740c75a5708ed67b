"""The channels dialog: all channels on the left, the chosen one on the right."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.services.desk import Desk
from app.services.wording import tr, tr_error
from app.views.channels.accounts_model import ChannelLine, may_change
from app.views.channels.cloud import CloudHelp
from app.views.channels.control import Channels, ChannelsControl
from app.views.channels.page import ChannelPage
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.states import StateView
from app.views.kit.task_runner import TaskRunner

_ICONS = {
    "works": ("check", "success"),
    "new": ("waiting", "muted"),
    "resting": ("close", "muted"),
    "broken": ("error", "danger"),
}
_GOOD_NEWS_MS = 8_000
_LIST_WIDTH = 210


class ChannelsDialog(QDialog):
    """Opens with the first channel, or with a new one where there is none. What was typed for one channel is still
    there after a look at another."""

    def __init__(self, desk: Desk, runner: TaskRunner, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("channels.title"))
        self._desk, self._runner, self._appearance = desk, runner, appearance
        self._may_change = may_change(desk.actor)
        self._channels = Channels([], [])
        self._wanted: str | None = None
        self.control = ChannelsControl(desk, runner, self)
        self.list = QListWidget()
        self.new = QPushButton(tr("channels.new"))
        self.told = Banner(appearance)
        self._pages: dict[str | None, ChannelPage] = {}
        self._stack = QStackedWidget()
        self._build()
        self.control.listed.connect(self._show)
        self.control.tested.connect(lambda steps: self._tested(lambda page: page.findings.works(steps)))
        self.control.refused.connect(lambda error: self._tested(lambda page: page.findings.refused(tr_error(error))))
        self.control.stored.connect(self._stored)
        self.control.failed.connect(self._failed)
        self.control.left.connect(self._left_behind)
        self.list.currentRowChanged.connect(self._choose)
        self.new.clicked.connect(self._ask_for_new)
        self.control.look()

    @property
    def page(self) -> QWidget | None:
        """What stands on the right."""
        shown: QWidget | None = self._stack.currentWidget()
        return shown

    def _show(self, channels: Channels) -> None:
        self._channels = channels
        self.list.blockSignals(True)
        self.list.clear()
        for each in channels.lines:
            self.list.addItem(self._item(each))
        self.list.blockSignals(False)
        names = [each.account.name for each in channels.lines]
        place = names.index(self._wanted) if self._wanted in names else 0
        if names:
            self.list.setCurrentRow(place)
        elif self._may_change:
            self._ask_for_new()
        else:
            self._nothing()

    def _item(self, line: ChannelLine) -> QListWidgetItem:
        item = QListWidgetItem(QIcon(self._appearance.icon(*_ICONS[line.state])), line.account.name)
        item.setToolTip(line.words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.account.name}, {line.words}")
        return item

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._channels.lines):
            self._open(self._channels.lines[place])

    def _ask_for_new(self) -> None:
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        self._open(None)

    def _open(self, line: ChannelLine | None) -> None:
        self.control.forget_test()
        if isinstance(self.page, ChannelPage):
            self.page.forget_test()
        name = line.account.name if line else None
        if name not in self._pages:
            self._pages[name] = self._made(line)
        self._stack.setCurrentWidget(self._pages[name])
        if line is None:
            self._pages[name].finder.address.setFocus()

    def _made(self, line: ChannelLine | None) -> ChannelPage:
        page = ChannelPage(line, self._channels.teams, self._appearance, may_change=self._may_change)
        page.tried.connect(partial(self._try, page))
        page.stored.connect(partial(self._store, page, is_new=line is None))
        page.moved.connect(partial(self._move, page))
        if line is not None and self._may_change:
            page.left.removed.connect(partial(self.control.forget_left, line.account))
            self.control.look_behind(line.account)
        self.finished.connect(CloudHelp(page, self._desk.sign_ins, self._runner).end)
        self._stack.addWidget(page)
        return page

    def _nothing(self) -> None:
        view = StateView(self._appearance)
        view.empty("inbox", tr("channels.none"), tr("channels.none_hint"))
        self._stack.setCurrentIndex(self._stack.addWidget(view))

    def _try(self, page: ChannelPage, account: ChannelAccount, secrets: dict[str, str]) -> None:
        page.set_busy(busy=True)
        page.findings.testing()
        self.control.test(account, secrets)

    def _store(self, page: ChannelPage, account: ChannelAccount, secrets: dict[str, str], *, is_new: bool) -> None:
        page.set_busy(busy=True)
        self.control.store(account, secrets, is_new=is_new)

    def _move(self, page: ChannelPage, account: ChannelAccount, secrets: dict[str, str]) -> None:
        assert page.known is not None
        page.set_busy(busy=True)
        self.control.move(page.known, account, secrets)

    def _tested(self, tell: Callable[[ChannelPage], None]) -> None:
        if isinstance(self.page, ChannelPage):
            self.page.set_busy(busy=False)
            tell(self.page)

    def _stored(self, name: str) -> None:
        """Its page is made anew with what is stored now, and so is the one for new channels if it came from there."""
        stored = self._pages.pop(name, None) or self._pages.pop(None, None)
        if stored is not None:
            self._stack.removeWidget(stored)
            stored.deleteLater()
        self.told.tell("success", tr("channels.stored", name=name), milliseconds=_GOOD_NEWS_MS)
        self._wanted = name
        self.control.look()

    def _left_behind(self, name: str, is_left: bool) -> None:
        if (page := self._pages.get(name)) is not None:
            page.left.tell(is_left=is_left)

    def _failed(self, error: KnownError) -> None:
        if isinstance(self.page, ChannelPage):
            self.page.set_busy(busy=False)
        self.told.tell("error", tr_error(error))

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.told)
        row = QHBoxLayout()
        row.setContentsMargins(14, 16, 18, 14)
        row.setSpacing(18)
        row.addLayout(self._left())
        row.addWidget(self._stack, 1)
        whole.addLayout(row, 1)
        self.resize(900, 680)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        self.list.setProperty("role", "sidebar")
        self.list.setAccessibleName(tr("channels.list"))
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedWidth(_LIST_WIDTH)
        column.addWidget(self.list, 1)
        if self._may_change:
            column.addWidget(self.new)
        else:
            words = QLabel(tr("channels.look_only"))
            words.setWordWrap(True)
            words.setProperty("role", "caption")
            words.setFixedWidth(_LIST_WIDTH)
            column.addWidget(words)
        return column
