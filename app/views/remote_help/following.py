"""What comes after a run: a note, the reply that goes with it, the next script."""

from collections.abc import Callable
from functools import partial
from html import escape

from app.models.records.canned import Canned
from app.models.records.runs import Outcome, Run
from app.models.records.tickets import TicketView
from app.services.canned import canned
from app.services.remote_help.offering import Offer, offer
from app.services.wording import tr
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.model import name_of, note_words
from app.views.window.shell import Shell
from app.views.writing.answering import Form

Follower = tuple[str, Callable[[], object]]


class Following:
    """Puts its buttons into the dialog of a run that is over."""

    def __init__(self, shell: Shell, open_next: Callable[[Opening], RunDialog]) -> None:
        self._shell, self._open = shell, open_next

    def follow(self, dialog: RunDialog, run: Run) -> None:
        """What can be done next; which scripts may, and which replies there are, is read first."""
        desk, actor = self._shell.desk, self._shell.desk.actor
        if actor is None:
            return

        def work() -> tuple[Offer, list[Canned]]:
            return offer(desk.database, actor, run.ticket_id), canned(desk.database, actor)

        show = partial(self._show, dialog, run)
        self._shell.runner.read(dialog, work, lambda found: show(*found), self._shell.fail)

    def _show(self, dialog: RunDialog, run: Run, offer_: Offer, replies: list[Canned]) -> None:
        follow, good = dialog.manifest.follow_up, run.outcome is Outcome.SUCCEEDED
        found: list[Follower] = []
        if run.ticket_id is not None:
            html = "".join(f"<p>{escape(line)}</p>" for line in note_words(dialog.manifest, run).split("\n"))
            found.append((tr("remote_view.follow_note"), partial(self._write, run, Form.NOTE, html)))
            reply = next((each for each in replies if good and each.name == follow.canned_reply), None)
            if reply is not None:
                words = tr("remote_view.follow_reply", name=reply.name)
                found.append((words, partial(self._write, run, Form.ANSWER, reply.html)))
        if good:
            nexts = [each for each in offer_.scripts if each.manifest.id in follow.scripts and each.why_not is None]
            for each in nexts:
                opening = Opening(
                    each.manifest,
                    targets=[result.target for result in run.results] if each.manifest.takes_target else (),
                    connections=each.connections,
                    ticket_id=run.ticket_id,
                    number=run.number,
                )
                words = tr("remote_view.follow_script", name=name_of(each.manifest))
                found.append((words, partial(self._open, opening)))
        dialog.page.offer(found)

    def _write(self, run: Run, form: Form, html: str) -> None:
        """At the run's own ticket, wherever the desk is by now."""
        shell = self._shell

        def write() -> None:
            shell.writing.open(form)
            shell.writing.insert(html)
            shell.window.activateWindow()

        def shown(ticket: TicketView) -> None:
            shell.ticket.shown.disconnect(shown)
            if ticket.row.id == run.ticket_id:
                write()

        if run.ticket_id is None or shell.ticket.ticket_id == run.ticket_id:
            write()
        else:
            shell.ticket.shown.connect(shown)
            shell.ticket.open(run.ticket_id)
