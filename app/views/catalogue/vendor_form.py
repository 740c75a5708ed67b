"""One vendor, there already or to be added."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.models.identifiers import new_id
from app.models.records.applications import Vendor
from app.services.wording import tr
from app.views.catalogue.known import Known
from app.views.catalogue.lines import Lines
from app.views.kit.boxes import choose
from app.views.kit.sided import Ending, heading


class VendorForm(QWidget):
    """`stored` brings the vendor as it is entered and as it was before (None: new), `removed` the one that is to go."""

    stored = Signal(Vendor, object)
    removed = Signal(Vendor)

    def __init__(self, vendor: Vendor | None, known: Known, *, arranges: bool) -> None:
        super().__init__()
        self._is_new = vendor is None
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

    @property
    def is_touched(self) -> bool:
        """Whether something stands there that is not stored."""
        return self.entered() != self._vendor

    def entered(self) -> Vendor:
        """The vendor as it stands there; its name may be missing."""
        told = {name: entry.text().strip() for name, entry in self.entries.items()}
        return Vendor(self._vendor.id, calendar_id=self.calendar.currentData(), **told)

    def _store(self) -> None:
        vendor = self.entered()
        self.lines.tell({} if vendor.name else {"name": tr("error.vendor.no_name")})
        if vendor.name:
            self.stored.emit(vendor, None if self._is_new else self._vendor)

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
