"""One vendor, there already or to be added."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.models.identifiers import new_id
from app.models.records.applications import Vendor
from app.services.wording import tr
from app.views.catalogue.known import Known
from app.views.catalogue.lines import Lines
from app.views.catalogue.sided import Ending, heading
from app.views.kit.boxes import choose


class VendorForm(QWidget):
    """`stored` brings the vendor as it is entered, `removed` the one that is to go."""

    stored = Signal(Vendor)
    removed = Signal(Vendor)

    def __init__(self, vendor: Vendor | None, known: Known, *, arranges: bool) -> None:
        super().__init__()
        self._vendor = vendor or Vendor(new_id(), "")
        named = {name: getattr(self._vendor, name) for name in ("name", "contract", "mail", "phone", "portal")}
        self.entries = {name: QLineEdit(value) for name, value in named.items()}
        self.calendar = QComboBox()
        self.calendar.addItem(tr("catalogue_page.round_the_clock"), None)
        for each in known.calendars:
            self.calendar.addItem(each.name, each.id)
        choose(self.calendar, self._vendor.calendar_id)
        self.lines = Lines()
        self.ending = Ending(may_change=arranges, is_new=vendor is None)
        self.ending.save.clicked.connect(self._store)
        self.ending.remove.clicked.connect(lambda: self.removed.emit(self._vendor))
        self._build(tr("catalogue_page.new_vendor") if vendor is None else vendor.name)
        for entry in self.entries.values():
            entry.setReadOnly(not arranges)
        self.calendar.setEnabled(arranges)

    def _store(self) -> None:
        told = {name: entry.text().strip() for name, entry in self.entries.items()}
        self.lines.tell({} if told["name"] else {"name": tr("error.vendor.no_name")})
        if told["name"]:
            self.stored.emit(Vendor(self._vendor.id, calendar_id=self.calendar.currentData(), **told))

    def _build(self, title: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading(title))
        for name, entry in self.entries.items():
            hint = tr("catalogue_page.vendor_mail_hint") if name == "mail" else ""
            self.lines.add(name, tr(f"vendor_line.{name}"), entry, hint)
        self.lines.add("calendar", tr("vendor_line.calendar"), self.calendar)
        column.addWidget(self.lines, 1)
        column.addWidget(self.ending)
        self.setFocusProxy(self.entries["name"])
