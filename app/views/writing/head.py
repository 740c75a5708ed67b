"""Whom an answer goes to and what it is about; names are completed, and what is odd is told below."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from app.models.records.mail import Address
from app.models.rules.recipients import Odd, Oddity, split
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.picker import PickItem
from app.views.writing.answering import written
from app.views.writing.suggestions import Suggestions

_LONGEST = 4_000_000
_PAUSE_MS = 350
_FEW_LETTERS = 2


class PeopleLine(QLineEdit):
    """People with commas between them. `begun` tells the letters of a name at the caret, to be completed."""

    begun = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(_LONGEST)
        self.suggestions = Suggestions(appearance, self)
        self.suggestions.chosen.connect(self._take)
        self.textEdited.connect(self._look)

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        """Those who may be meant, as (name, address)."""
        items = [PickItem(name or address, (name, address), address, "person") for name, address in people]
        self.suggestions.offer(items, self.cursorRect())

    def replace_address(self, address: str, by: str) -> None:
        """Correct one address, wherever it stands."""
        people = [Address(by, each.name) if each.address == address else each for each in split(self.text())]
        self.setText(written(people))
        self.textEdited.emit(self.text())

    def _look(self) -> None:
        piece = self._piece()
        if len(piece) >= _FEW_LETTERS:
            self.begun.emit(piece)
        else:
            self.suggestions.hide()

    def _piece(self) -> str:
        before = self.text()[: self.cursorPosition()]
        return before[max(before.rfind(","), before.rfind(";")) + 1 :].strip()

    def _take(self, item: PickItem) -> None:
        name, address = item.value
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :].lstrip(" ,;")
        kept = before[: max(before.rfind(","), before.rfind(";")) + 1]
        filled = f"{kept}{' ' if kept else ''}{written([Address(address, name)])}, "
        self.setText(filled + after)
        self.setCursorPosition(len(filled))
        self.textEdited.emit(self.text())


class Head(QWidget):
    """`edited` tells of each letter, `settled` of the addresses once nobody has typed for a moment."""

    edited = Signal()
    settled = Signal(list)
    completion_wanted = Signal(QLineEdit, str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.to, self.cc, self.subject = PeopleLine(appearance), PeopleLine(appearance), QLineEdit()
        self.add_cc = QToolButton()
        self.add_cc.setText(tr("composer.cc"))
        self.add_cc.setProperty("role", "flat")
        self.add_cc.setAccessibleName(tr("composer.cc"))
        self.add_cc.clicked.connect(self._open_cc)
        self._labels: dict[QLineEdit, QLabel] = {}
        self._odd_row, self._odd_words, self.correct = QWidget(), QLabel(), QPushButton()
        self._odd: Odd | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._settle)
        self._build()
        for line in (self.to, self.cc):
            line.textEdited.connect(lambda _text: self._pause.start())
            line.begun.connect(lambda typed, line=line: self.completion_wanted.emit(line, typed))
        for each in (self.to, self.cc, self.subject):
            each.textEdited.connect(lambda _text: self.edited.emit())

    def open(self, to: str, cc: str, subject: str) -> None:
        for line, words in ((self.to, to), (self.cc, cc), (self.subject, subject)):
            line.setText(words)
            line.setCursorPosition(0)
        self._show_cc(shown=bool(cc))
        self.show_odd([])
        self._pause.start(0)

    @property
    def people(self) -> list[Address]:
        return [*split(self.to.text()), *split(self.cc.text())]

    def show_odd(self, found: Sequence[Odd]) -> None:
        """The worst of it, and one button that mends it where there is a way to."""
        strangers = [each for each in found if each.what is Oddity.STRANGER]
        self._odd = found[0] if found else None
        if self._odd is None:
            self._odd_row.hide()
            return
        words = tr(f"writing.odd.{self._odd.what.value}", address=self._odd.address, suggestion=self._odd.suggestion)
        if self._odd.what is Oddity.STRANGER and len(strangers) > 1:
            words = tr("writing.more_strangers", count=len(strangers))
        self._odd_words.setText(words)
        hint = self._odd.what is Oddity.STRANGER
        self._odd_words.setProperty("role", "caption" if hint else "problem")
        self._odd_words.style().unpolish(self._odd_words)
        self._odd_words.style().polish(self._odd_words)
        self.correct.setText(tr("writing.correct", suggestion=self._odd.suggestion))
        self.correct.setVisible(bool(self._odd.suggestion))
        self._odd_row.show()

    def _settle(self) -> None:
        self.settled.emit([each.address for each in self.people])

    def _correct(self) -> None:
        if self._odd is not None:
            for line in (self.to, self.cc):
                if self._odd.address in line.text():
                    line.replace_address(self._odd.address, self._odd.suggestion)
            self.to.setFocus()

    def _open_cc(self) -> None:
        self._show_cc(shown=True)
        self.cc.setFocus()

    def _show_cc(self, *, shown: bool) -> None:
        self.cc.setVisible(shown)
        self._labels[self.cc].setVisible(shown)
        self.add_cc.setVisible(not shown)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        for place, (name, line) in enumerate((("to", self.to), ("cc", self.cc), ("subject", self.subject))):
            label = QLabel(tr(f"composer.{name}"))
            label.setProperty("role", "caption")
            label.setBuddy(line)
            line.setAccessibleName(tr(f"composer.{name}"))
            self._labels[line] = label
            row = place if place < 2 else place + 1
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1, 1, 1 if name == "to" else 2)
        grid.addWidget(self.add_cc, 0, 2)
        odd = QHBoxLayout(self._odd_row)
        odd.setContentsMargins(0, 0, 0, 0)
        self._odd_words.setWordWrap(True)
        self.correct.setProperty("role", "link")
        self.correct.clicked.connect(self._correct)
        odd.addWidget(self._odd_words, 1)
        odd.addWidget(self.correct)
        grid.addWidget(self._odd_row, 2, 1, 1, 2)
        self._odd_row.hide()
