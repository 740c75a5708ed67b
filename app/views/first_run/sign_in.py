"""Who works at this desk, asked where the settings do not say it, or name somebody who is not there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout

from app.models.errors import KnownError
from app.models.records.desk import Agent
from app.services.wording import tr, tr_error
from app.views.first_run.steps import person_words
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner


class SignIn(QDialog):
    """`chosen` is None until somebody was chosen. Only those who are active can be."""

    def __init__(self, why: KnownError, people: Sequence[Agent], appearance: Appearance) -> None:
        super().__init__()
        self.setWindowTitle(tr("sign_in.title"))
        self.chosen: Agent | None = None
        self._people = [each for each in people if each.active]
        self.told = Banner(appearance)
        if why.code != "staff.who_are_you":
            self.told.tell("warning", tr_error(why), closable=False)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("sign_in.heading"))
        self.list.setProperty("role", "sidebar")
        self.list.addItems(person_words(self._people))
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.leave = QPushButton(tr("sign_in.leave"))
        self.leave.clicked.connect(self.reject)
        self.go_on = QPushButton(tr("sign_in.go_on"))
        self.go_on.clicked.connect(self._choose)
        self.go_on.setProperty("role", "primary")
        self.go_on.setDefault(True)
        self.go_on.setEnabled(bool(self._people))
        self._build()
        self.list.ensurePolished()  # the theme's rows are higher than those that were measured without it
        self.list.doItemsLayout()
        self.list.setCurrentRow(0)

    def _choose(self) -> None:
        place = self.list.currentRow()
        if 0 <= place < len(self._people):
            self.chosen = self._people[place]
            self.accept()

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.told)
        column = QVBoxLayout()
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        heading, words = QLabel(tr("sign_in.heading")), QLabel(tr("sign_in.words"))
        heading.setProperty("role", "title")
        words.setProperty("role", "caption")
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(heading)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.go_on)
        column.addLayout(row)
        whole.addLayout(column, 1)
        self.resize(520, 460)
