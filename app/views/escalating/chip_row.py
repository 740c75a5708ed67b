"""Short words in coloured chips, in one row; what does not fit is counted at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.services.wording import tr
from app.views.escalating.clock_words import ChipWords
from app.views.kit.appearance import Appearance

_HEIGHT, _EDGE, _PICTURE, _GAP, _BETWEEN = 22, 8, 14, 5, 6
_GROUNDS = {"muted": "sunken"}


class ChipRow(QWidget):
    """Painted, for chips come and go with each ticket. What each says in full is its tooltip, and told to readers."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._chips: list[ChipWords] = []
        self._places: list[tuple[QRectF, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)

    def show_chips(self, chips: Sequence[ChipWords]) -> None:
        self._chips = list(chips)
        self.setAccessibleName(". ".join(each.hint for each in chips))
        self.update()

    @property
    def chips(self) -> Sequence[ChipWords]:
        return tuple(self._chips)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(each) + _BETWEEN for each in self._chips), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = next((hint for box, hint in self._places if box.contains(event.pos())), "")
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._places = []
        left = 0.0
        for place, chip in enumerate(self._chips):
            rest = len(self._chips) - place
            room = self.width() - (0 if rest == 1 else self._more_width(rest))
            if left + self._width(chip) > room:
                self._paint_more(painter, left, rest, self._chips[place:])
                break
            box = QRectF(left, 0, self._width(chip), _HEIGHT)
            self._paint(painter, box, chip)
            self._places.append((box, chip.hint))
            left += box.width() + _BETWEEN
        painter.end()

    def _width(self, chip: ChipWords) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(chip.text) + 2 * _EDGE + _PICTURE + _GAP

    def _more_width(self, count: int) -> int:
        words = tr("clocks.more", count=count)
        return QFontMetrics(self.font()).horizontalAdvance(words) + 2 * _EDGE + _BETWEEN

    def _paint(self, painter: QPainter, box: QRectF, chip: ChipWords) -> None:
        theme = self._appearance.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(_GROUNDS.get(chip.tone, f"{chip.tone}_area")))
        painter.drawRoundedRect(box, 6, 6)
        picture = QRectF(box.x() + _EDGE, box.center().y() - _PICTURE / 2, _PICTURE, _PICTURE)
        self._appearance.icon(chip.icon, chip.tone).paint(painter, picture.toRect())
        painter.setPen(theme.colour(chip.tone))
        words = box.adjusted(_EDGE + _PICTURE + _GAP, 0, -_EDGE / 2, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), chip.text)

    def _paint_more(self, painter: QPainter, left: float, count: int, rest: Sequence[ChipWords]) -> None:
        box = QRectF(left, 0, self._more_width(count) - _BETWEEN, _HEIGHT)
        painter.setPen(self._appearance.theme.colour("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), tr("clocks.more", count=count))
        self._places.append((box, "\n".join(each.hint for each in rest)))
