"""The staff in the window: who is away, and who takes over."""

from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from app.models.records.desk import Agent, Role
from app.models.records.handing import Handing, Move
from app.models.records.load import Load
from app.models.records.packed_ids import PackedIds
from app.services import staff
from app.services.staff import away
from app.services.staff.load import load
from app.services.tickets.bulk import BulkResult
from app.services.wording import tr
from app.views.changing.part import ChangingPart
from app.views.staffing.away import AwayDialog
from app.views.staffing.people import PeopleList
from app.views.window.shell import Shell

_SETTLE_MS = 1_500


class StaffingPart(QObject):
    """Ctrl+Alt+W says that one is away; supervisors say it for anybody."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.dialog: AwayDialog | None = None
        shell.commands.section("changing")
        shell.commands.add("away", "Ctrl+Alt+W", "person", self.open)
        shell.commands.add("people", "Ctrl+Alt+P", "team", self.show_people)
        self.people = PeopleList(shell.appearance)
        shell.layout.add_below_views(self.people)
        self.people.given.connect(self._give)
        self.people.chosen.connect(lambda to: self._changing.give(self._changing.tickets, to))
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._count)
        shell.bus.changed.connect(lambda _changes: self._later())
        shell.queue.offered.connect(lambda _offers: self._later())

    def show_people(self) -> None:
        """People and teams below the views, to drag tickets onto; once more hides them."""
        self.people.setVisible(self.people.isHidden())
        if not self.people.isHidden():
            self._count()
            self.people.setFocus()

    @property
    def _changing(self) -> ChangingPart:
        return self._shell.part(ChangingPart)

    def _give(self, tickets: PackedIds, to: tuple[str, UUID | None]) -> None:
        self._changing.give(tickets, to)

    def _later(self) -> None:
        if not self.people.isHidden() and not self._soon.isActive():
            self._soon.start()

    def _count(self) -> None:
        def show(known: Load) -> None:
            self.people.show_people(self._changing.people(known))

        work = partial(load, self._shell.desk.database)
        self._shell.runner.read(self, work, show, self._shell.fail, lane="load")

    def open(self) -> None:
        database = self._shell.desk.database
        work = lambda: (staff.agents(database), away.away_now(database))  # noqa: E731
        self._shell.runner.read(self, work, self._show, self._shell.fail, lane="away")

    def _show(self, found: tuple[list[Agent], set[UUID]]) -> None:
        actor = self._shell.desk.actor
        if actor is None or actor.id is None:
            return
        people = [each for each in found[0] if each.active]
        may_all = actor.role is not Role.AGENT
        dialog = AwayDialog(people, actor.id, found[1], may_all=may_all, parent=self._shell.window)
        dialog.asked.connect(self._plan)
        dialog.confirmed.connect(self._confirm)
        dialog.back.connect(self._back)
        dialog.destroyed.connect(self._gone)
        self.dialog = dialog
        dialog.open()
        self._plan(dialog.who.currentData(), Handing(dialog.how.currentData()), dialog.to.currentData())

    def _gone(self) -> None:
        self.dialog = None

    def _plan(self, agent_id: UUID, handing: Handing, to: UUID | None) -> None:
        work = partial(away.plan, self._shell.desk.database, agent_id, handing, to)
        self._shell.runner.read(self, work, self._planned, self._shell.fail, lane="plan")

    def _planned(self, moves: list[Move]) -> None:
        if self.dialog is not None:
            self.dialog.show_plan(moves)

    def _confirm(self, agent_id: UUID, until: datetime | None, moves: list[Move]) -> None:
        desk = self._shell.desk
        if desk.actor is None:
            return
        work = partial(away.set_away, desk.database, desk.actor, agent_id, until)
        self._shell.runner.write(self, work, lambda _nothing: self._hand_out(moves), self._shell.fail)

    def _hand_out(self, moves: list[Move]) -> None:
        desk = self._shell.desk
        if self.dialog is not None:
            self.dialog.accept()
        if not moves or desk.actor is None:
            self._shell.tell(tr("away.done"))
            return
        actor = desk.actor
        self._shell.run_long(
            self,
            tr("bulk.working"),
            lambda step: away.hand_out(desk.database, actor, moves, step),
            self._handed,
            self._shell.fail,
        )

    def _handed(self, result: BulkResult) -> None:
        self._shell.undo.push_all(tr("away.handed", count=len(result.undos), left=len(result.refused)), result.undos)

    def _back(self, agent_id: UUID) -> None:
        desk = self._shell.desk
        if desk.actor is None:
            return

        def done(_nothing: None) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            self._shell.tell(tr("away.is_back"))

        self._shell.runner.write(
            self, partial(away.set_back, desk.database, desk.actor, agent_id), done, self._shell.fail
        )
