"""All keys on one sheet, to be looked through and searched."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.wording import tr
from app.views.kit.commands import Command
from app.views.kit.matching import match

_SIZE = (620, 640)


class ShortcutSheet(QDialog):
    """Commands under the headings of their sections, each with its keys."""

    def __init__(
        self, sections: Mapping[str, Sequence[Command]], single: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("shortcuts.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("shortcuts.search"))
        self.line.setAccessibleName(tr("shortcuts.search"))
        self.line.textChanged.connect(self._search)
        self.keys = QTreeWidget()
        self.keys.setAccessibleName(tr("shortcuts.title"))
        self.keys.setHeaderLabels([tr("shortcuts.command"), tr("shortcuts.keys"), tr("shortcuts.single")])
        self.keys.setRootIsDecorated(False)
        self.keys.setUniformRowHeights(True)
        self._sections: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        for name, commands in sections.items():
            self._section(name, commands, single)
        self.keys.expandAll()
        buttons = QDialogButtonBox()
        buttons.addButton(tr("button.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addWidget(self.keys, 1)
        column.addWidget(buttons)
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))
        head = self.keys.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _section(self, name: str, commands: Sequence[Command], single: Mapping[str, str]) -> None:
        heading = QTreeWidgetItem([tr(f"section.{name}")])
        face = heading.font(0)
        face.setBold(True)
        heading.setFont(0, face)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.keys.addTopLevelItem(heading)
        heading.setFirstColumnSpanned(True)
        lines = [
            QTreeWidgetItem([each.words, _native(each.keys), _native(single.get(each.id, ""))]) for each in commands
        ]
        heading.addChildren(lines)
        self._sections.append((heading, lines))

    def _search(self, typed: str) -> None:
        for heading, lines in self._sections:
            for line in lines:
                line.setHidden(match(typed, " ".join(line.text(column) for column in range(3))) is None)
            heading.setHidden(all(line.isHidden() for line in lines))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
