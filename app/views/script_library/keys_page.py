"""The host keys that somebody confirmed, and those that a host showed since."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.remote_help.host_keys import PinnedKey
from app.services.wording import tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.states import StateView
from app.views.kit.times import date_words

_COLUMNS = ("host", "algorithm", "fingerprint", "by", "at", "shown")
_WIDTHS = (180, 110, 430, 130, 140, 260)


class KeysPage(QWidget):
    """`forgotten` brings the key that is to be forgotten."""

    forgotten = Signal(PinnedKey)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.list, self._state, self._stack = QTreeWidget(), StateView(appearance), QStackedWidget()
        self.forget = QPushButton(tr("host_keys_page.forget"))
        self._build()
        self._state.loading()
        self.forget.clicked.connect(self._forget)
        self.list.currentItemChanged.connect(lambda *_: self.forget.setEnabled(self.list.currentItem() is not None))

    def show_keys(self, keys: Sequence[PinnedKey]) -> None:
        chosen = self._chosen()
        self.list.clear()
        for each in keys:
            item = QTreeWidgetItem(_cells(each))
            item.setFont(2, monospace())
            item.setData(0, Qt.ItemDataRole.UserRole, each)
            if each.shown:
                item.setForeground(5, QBrush(QColor(self._appearance.theme["danger"])))
                item.setIcon(5, self._appearance.icon("warning", "danger"))
                item.setToolTip(5, item.text(5))
            self.list.addTopLevelItem(item)
        self._state.empty("lock", tr("host_keys_page.none"), tr("host_keys_page.none_hint"))
        self._stack.setCurrentIndex(1 if keys else 0)
        places = [place for place, each in enumerate(keys) if chosen is not None and each.id == chosen.id]
        if keys:
            self.list.setCurrentIndex(self.list.model().index(places[0] if places else 0, 0))
        self.forget.setEnabled(bool(keys))

    def fail(self, words: str, again: Callable[[], None]) -> None:
        """Nothing could be read."""
        self._state.error(words, again)
        self._stack.setCurrentIndex(0)

    def _chosen(self) -> PinnedKey | None:
        item = self.list.currentItem()
        found: PinnedKey | None = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return found

    def _forget(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.forgotten.emit(chosen)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        words = QLabel(tr("host_keys_page.words"))
        words.setWordWrap(True)
        words.setProperty("role", "caption")
        self.list.setHeaderLabels([tr(f"host_keys_column.{each}") for each in _COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("script_pages.keys"))
        for place, width in enumerate(_WIDTHS):
            self.list.setColumnWidth(place, width)
        self._stack.addWidget(self._state)
        self._stack.addWidget(self.list)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.forget)
        self.forget.setAutoDefault(False)
        column.addWidget(words)
        column.addWidget(self._stack, 1)
        column.addLayout(row)


def _cells(key: PinnedKey) -> list[str]:
    host = key.host if key.port == 22 else f"{key.host}:{key.port}"
    by = key.by or tr("script_library.system")
    shown = tr("host_keys_page.shown", fingerprint=key.shown, at=date_words(key.shown_at)) if key.shown_at else ""
    return [host, key.algorithm, key.fingerprint, by, date_words(key.at), shown]
