"""Remote help in the window: a script is a click or a few letters away, what fits the ticket first."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.models.records.runs import Run
from app.models.records.scripts import Known, Transport
from app.models.records.tickets import TicketView
from app.models.rules.script_values import filled_in
from app.services.remote_help import recording
from app.services.remote_help.offering import Offer, Offered, offer
from app.services.wording import tr_error
from app.views.kit.change_bus import Changes
from app.views.remote_help.chooser import ScriptChooser
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.following import Following
from app.views.remote_help.form_model import kept
from app.views.remote_help.model import reason_words
from app.views.remote_help.open_runs import OpenRuns
from app.views.remote_help.runs_dialog import RunsDialog
from app.views.remote_help.ticket_row import TicketRow
from app.views.window.shell import Shell

_TOPICS = frozenset({"script", "script_run", "remote_connection"})


class RemoteHelpPart(QObject):
    """F9 chooses a script for the ticket that is shown, or for none; Ctrl+F9 shows what ran for it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("remote help")
        self._shell = shell
        self.open_runs = OpenRuns(shell, self)
        self.row = TicketRow(shell.appearance)
        self._following = Following(shell, self.open_runs.open)
        self.chooser: ScriptChooser | None = None
        self.history: RunsDialog | None = None
        shell.commands.section("help")
        add = shell.commands.add
        add("script", "F9", "code", self.choose)
        add("script_runs", "Ctrl+F9", "clock", self.show_runs)
        add("script_show", "Alt+F9", "open", self.open_runs.bring_back)
        shell.layout.add_below_heading(self.row)
        self.row.wanted.connect(self.open)
        self.row.runs_wanted.connect(self.show_runs)
        self.open_runs.ended.connect(self._ended)
        self.open_runs.waits.connect(lambda _run: shell.bus.look())
        shell.ticket.opened.connect(lambda _ticket: self.row.hide())
        shell.ticket.shown.connect(self._shown)
        shell.bus.changed.connect(self._changed)

    @property
    def dialog(self) -> RunDialog | None:
        """The last that was opened, and is open still."""
        return self.open_runs.dialogs[-1] if self.open_runs.dialogs else None

    def choose(self) -> ScriptChooser:
        """Which script? What there is follows at once."""
        shell = self._shell
        chooser = ScriptChooser(shell.appearance, shell.window)
        chooser.chosen.connect(self.open)
        chooser.destroyed.connect(self._unchosen)
        self.chooser = chooser
        self.read_offer(chooser, chooser.show_offer, lambda error: chooser.show_failure(tr_error(error)))
        chooser.open()
        return chooser

    def open(self, offered: Offered, again: Run | None = None) -> None:
        """Its form, filled with what the desk knows of the ticket; or with what it ran with before."""
        self.read_offer(self, partial(self._open, offered.manifest.id, again), self._shell.fail, again)

    def show_runs(self) -> None:
        """What ran for the ticket that is shown; for no ticket, what ran last."""
        shell, ticket = self._shell, self._shell.ticket.ticket
        ticket_id, number = (ticket.row.id, ticket.row.number) if ticket is not None else (None, None)

        def show(runs: Sequence[Run]) -> None:
            dialog = RunsDialog(runs, shell.appearance, shell.window, number)
            dialog.again.connect(self.run_again)
            dialog.file_wanted.connect(self._show_whole)
            self.history = dialog
            dialog.destroyed.connect(self._unseen_history)
            dialog.open()

        shell.runner.read(self, partial(recording.runs, shell.desk.database, ticket_id), show, shell.fail, lane="runs")

    def run_again(self, run: Run) -> None:
        """With the values of before; what nobody keeps is asked for anew."""
        self.read_offer(self, partial(self._open, run.script, run), self._shell.fail, run)

    def begin_agreed(self, run: Run) -> None:
        """Go on with what a second person agreed to."""
        self.read_offer(self, partial(self._open_agreed, run), self._shell.fail, run)

    def read_offer(
        self,
        owner: QObject,
        done: Callable[[Offer], None],
        failed: Callable[[KnownError], None],
        run: Run | None = None,
    ) -> None:
        """What can be chosen for the ticket that is shown, or for that of a run."""
        desk, shown = self._shell.desk, self._shell.ticket.ticket_id
        if desk.actor is not None:
            ticket_id = run.ticket_id if run is not None else shown
            work = partial(offer, desk.database, desk.actor, ticket_id)
            self._shell.runner.read(owner, work, done, failed)

    def _open(self, key: str, again: Run | None, found: Offer) -> None:
        offered = self._found(key, found)
        if offered is None:
            return
        facts, manifest = found.facts, offered.manifest
        values = kept(manifest, again.parameters) if again is not None else filled_in(manifest, facts.values)
        first = facts.values.get(manifest.target_from, "") if manifest.target_from is not None else ""
        targets = again.targets if again is not None else [first] if first else []
        number = facts.values.get(Known.TICKET_NUMBER)
        self.open_runs.open(
            Opening(
                manifest,
                values,
                targets if manifest.takes_target else (),
                offered.connections,
                facts.hosts if manifest.transport is not Transport.DIRECTORY else (),
                again.ticket_id if again is not None else self._ticket_id if number else None,
                int(number) if number else None,
                reason_words(offered.proposal),
            )
        )

    def _open_agreed(self, run: Run, found: Offer) -> None:
        offered = self._found(run.script, found)
        if offered is not None:
            values = kept(offered.manifest, run.parameters)
            targets = run.targets if offered.manifest.takes_target else ()
            self.open_runs.open(
                Opening(offered.manifest, values, targets, offered.connections, (), run.ticket_id, run.number, "", run)
            )

    def _found(self, key: str, found: Offer) -> Offered | None:
        offered = next((each for each in found.scripts if each.manifest.id == key), None)
        problem = KnownError("script.not_approved", name=key) if offered is None else offered.why_not
        if problem is not None:
            self._shell.fail(problem)
            return None
        return offered

    @property
    def _ticket_id(self) -> UUID | None:
        return self._shell.ticket.ticket_id

    def _shown(self, ticket: TicketView) -> None:
        desk, ticket_id = self._shell.desk, ticket.row.id
        actor = desk.actor
        if actor is None:
            return

        def work() -> tuple[Offer, int]:
            return offer(desk.database, actor, ticket_id), recording.count_of(desk.database, ticket_id)

        def show(found: tuple[Offer, int]) -> None:
            if ticket_id == self._ticket_id:
                self.row.show_offer(*found)

        self._shell.runner.read(self, work, show, self._unseen, lane="row")

    def _changed(self, changes: Changes) -> None:
        ticket = self._shell.ticket.ticket
        if changes.topics & _TOPICS and ticket is not None:
            self._shown(ticket)

    def _ended(self, dialog: RunDialog, run: Run) -> None:
        self._shell.bus.look()
        self._following.follow(dialog, run)

    def _show_whole(self, run: Run) -> None:
        """On its ticket, the note has all of it as a file."""
        if run.ticket_id is not None:
            self._shell.ticket.open(run.ticket_id)

    def _unchosen(self) -> None:
        self.chooser = None

    def _unseen_history(self) -> None:
        self.history = None

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""
