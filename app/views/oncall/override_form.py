"""Somebody takes over a span of duty."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.identifiers import new_id
from app.models.records.desk import Agent
from app.models.records.on_call import Override
from app.services.wording import tr


class OverrideForm(QDialog):
    """Who is on duty from when until when; the times are those of the team's zone."""

    def __init__(
        self, zone: ZoneInfo, since: datetime, until: datetime, people: Sequence[Agent], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("oncall_view.override"))
        self._zone = zone
        self.person = QComboBox()
        for each in people:
            self.person.addItem(each.name, each.id)
        self.since, self.until = self._moment(since), self._moment(until)
        self.note = QLineEdit()
        self.note.setMaxLength(200)
        form = QFormLayout()
        for name, entry in (("who", self.person), ("since", self.since), ("until", self.until), ("note", self.note)):
            entry.setAccessibleName(tr(f"oncall_view.field.{name}"))
            form.addRow(tr(f"oncall_view.field.{name}"), entry)
        zone_words = QLabel(tr("oncall_view.times_of", zone=zone.key))
        zone_words.setTextFormat(Qt.TextFormat.PlainText)
        zone_words.setProperty("role", "caption")
        form.addRow("", zone_words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        save = buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText(tr("oncall_view.put_on_duty"))
        save.setProperty("role", "primary")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("oncall_view.cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addLayout(form)
        whole.addWidget(buttons)
        self.setMinimumWidth(380)
        self.person.setFocus()

    def wanted(self, team_id: UUID) -> Override:
        """What stands in the form."""
        return Override(
            new_id(), team_id, self.person.currentData(), self._instant(self.since), self._instant(self.until),
            note=self.note.text().strip(),
        )  # fmt: skip

    def _moment(self, at: datetime) -> QDateTimeEdit:
        local = at.astimezone(self._zone)
        told = QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute))
        entry = QDateTimeEdit(told)
        entry.setDisplayFormat("yyyy-MM-dd HH:mm")
        entry.setCalendarPopup(True)
        return entry

    def _instant(self, entry: QDateTimeEdit) -> datetime:
        day, time = entry.date(), entry.time()
        local = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=self._zone)
        return local.astimezone(UTC)
