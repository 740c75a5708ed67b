"""Pages that a row of tabs chooses from, below a line for what there is to tell."""

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.views.kit.banner import Banner


class Pages(QWidget):
    """`told` stands above the tabs, which a screen reader calls `name`."""

    def __init__(self, name: str, told: Banner) -> None:
        super().__init__()
        self._tabs, self._stack = QTabBar(), QStackedWidget()
        self._tabs.setAccessibleName(name)
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(told)
        column = QVBoxLayout()
        column.setContentsMargins(14, 12, 18, 14)
        column.setSpacing(14)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        whole.addLayout(column, 1)

    def add(self, words: str, page: QWidget) -> None:
        self._stack.addWidget(page)
        self._tabs.addTab(words)

    @property
    def current(self) -> QWidget | None:
        """The page that is shown."""
        return self._stack.currentWidget()

    def show_page(self, page: QWidget) -> None:
        self._tabs.setCurrentIndex(self._stack.indexOf(page))
