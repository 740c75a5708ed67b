"""What the on-call window asks of the database and tells it; nothing of it on the GUI thread."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor, Agent, Team
from app.models.records.on_call import Override, Rotation, Shift
from app.models.rules.permissions import Action, may
from app.services import staff
from app.services.database import Database
from app.services.desk import Desk
from app.services.oncall import arranging, ical, reading
from app.services.whole_file import read_whole, write_whole
from app.views.kit.task_runner import TaskRunner
from app.views.oncall.board import Board, Facts, days_from, make_board, zone_of

_LONGEST_PAST = timedelta(days=400)
_SWAPPED = timedelta(days=92)
_FED_BEFORE, _FED = timedelta(days=7), timedelta(days=372)


Deed = Callable[[Database, Actor], object]


class OnCallControl(QObject):
    """`shown` brings a board. `stored` tells what was done (a key of words), `failed` why it was not."""

    offered = Signal(list, list)
    shown = Signal(Board)
    stored = Signal(str)
    failed = Signal(KnownError)
    unreadable = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, zone: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner, self._zone = desk, runner, zone
        self.teams: list[Team] = []
        self.people: list[Agent] = []
        self.team_id: UUID | None = None
        self.month = False
        self._undos: list[Deed] = []
        self.day: date = desk.clock.now().astimezone().date()

    @property
    def now(self) -> datetime:
        return self._desk.clock.now()

    @property
    def may_arrange(self) -> bool:
        return self._desk.actor is not None and may(self._desk.actor, Action.ARRANGE)

    def look_for_offers(self) -> None:
        """The teams and people there are."""
        database = self._desk.database
        work = lambda: (staff.teams(database), [each for each in staff.agents(database) if each.active])  # noqa: E731
        self._runner.read(self, work, self._offer, self.unreadable.emit, lane="offers")

    def look(self) -> None:
        """The week or month of the chosen team that shows the chosen day."""
        team_id, database, otherwise, now = self.team_id, self._desk.database, self._zone, self.now
        if team_id is None:
            return
        first, days = days_from(self.day, 0, month=self.month)

        def work() -> Board:
            roster = reading.roster(database, team_id)
            overrides = reading.overrides(database, team_id, now - _LONGEST_PAST)
            names = {each.id: each.name for each in staff.agents(database)}
            zone = zone_of(roster.rotations, otherwise)
            return make_board(Facts(team_id, roster, overrides, names), zone, first, days, now)

        self._runner.read(self, work, self.shown.emit, self.unreadable.emit, lane="board")

    def step(self, by: int) -> None:
        """The week or month before or after; 0 is that of today."""
        today = self.now.astimezone().date()
        self.day = days_from(self.day, by, month=self.month)[0] if by else today
        self.look()

    def override(self, wanted: Override) -> None:
        self._write(
            lambda database, actor: arranging.override(database, actor, wanted),
            "overridden",
            lambda database, actor: arranging.remove_override(database, actor, wanted.id),
        )

    def remove_override(self, taken_back: Override) -> None:
        again = replace(taken_back, id=new_id())
        self._write(
            lambda database, actor: arranging.remove_override(database, actor, taken_back.id),
            "override_removed",
            lambda database, actor: arranging.override(database, actor, again),
        )

    def swap(self, given: Override, taken: Override) -> None:
        def part(database: Database, actor: Actor) -> None:
            for each in (taken, given):
                arranging.remove_override(database, actor, each.id)

        self._write(lambda database, actor: arranging.swap(database, actor, given, taken), "swapped", part)

    def undo(self) -> None:
        """Take back what was done last to who is on duty, in this window."""
        if self._undos:
            self._write(self._undos.pop(), "undone")

    @property
    def may_undo(self) -> bool:
        return bool(self._undos)

    def look_for_swaps(self, given: Shift, done: Callable[[tuple[Shift, list[Shift]]], None]) -> None:
        """The shift, whole, of which a week shows `given`, and those of others that could be taken for it."""
        team_id, database, now = self.team_id, self._desk.database, self.now
        if team_id is None:
            return
        mine, at = {given.agent_id, None}, max(given.since, now)

        def work() -> tuple[Shift, list[Shift]]:
            until = at + _SWAPPED
            shifts = [each for each in reading.roster(database, team_id).shifts(now, until) if each.until < until]
            whole = next((each for each in shifts if each.since <= at < each.until), given)
            return whole, [each for each in shifts if each.agent_id not in mine]

        self._runner.read(self, work, done, self.failed.emit, lane="swaps")

    def save_rotation(self, rotation: Rotation) -> None:
        self._write(lambda database, actor: arranging.save_rotation(database, actor, rotation), "rotation_saved")

    def remove_rotation(self, rotation_id: UUID) -> None:
        self._write(lambda database, actor: arranging.remove_rotation(database, actor, rotation_id), "rotation_removed")

    def export(self, file: Path) -> None:
        """The team's shifts from last week on, for a year, as an iCalendar file."""
        team_id, database, since = self.team_id, self._desk.database, self.now - _FED_BEFORE
        if team_id is not None:
            work = lambda: write_whole(file, ical.feed(database, team_id, since, since + _FED))  # noqa: E731
            self._runner.long(self, work, lambda _nothing: self.stored.emit("exported"), self.failed.emit)

    def take_absences(self, file: Path) -> None:
        """Whoever sits here is away during the events of an iCalendar file."""
        zone = self._zone

        def take(database: Database, actor: Actor) -> int:
            content = read_whole(file)
            assert actor.id is not None
            return ical.take_absences(database, actor, actor.id, content, zone)

        self._write(take, "imported")

    def _write(self, do: Deed, done: str, undo: Deed | None = None) -> None:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None

        def told(_result: object) -> None:
            if undo is not None:
                self._undos.append(undo)
            self.stored.emit(done)
            self.look()

        self._runner.write(self, lambda: do(database, actor), told, self.failed.emit)

    def _offer(self, found: tuple[list[Team], list[Agent]]) -> None:
        self.teams, self.people = found
        self.offered.emit(*found)
