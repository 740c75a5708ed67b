"""Printing a ticket, and saving it as PDF or as mails."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from app.models.errors import KnownError
from app.models.records.tickets import TicketView
from app.services.export import file_name, save_archive
from app.services.wording import tr
from app.views.export.page import page_of, write_pdf
from app.views.window.shell import Shell


class ExportPart(QObject):
    """All three take the ticket that is shown, with its whole conversation."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        add = shell.commands.add
        shell.commands.section("reading")
        add("print", "Ctrl+P", "file", self.print_, needs_ticket=True)
        add("export_pdf", "Ctrl+Shift+X", "save", self.ask_pdf, needs_ticket=True)
        add("export_mails", "Ctrl+Alt+X", "save", self.ask_mails, needs_ticket=True)

    def print_(self) -> None:
        ticket = self._shell.ticket.ticket
        if ticket is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._shell.window)
        dialog.accepted.connect(lambda: page_of(ticket, self._shell.desk.clock.now()).print_(printer))
        dialog.setModal(True)
        dialog.show()

    def ask_pdf(self) -> None:
        self._ask(".pdf", self.save_pdf)

    def ask_mails(self) -> None:
        self._ask(".zip", self.save_mails)

    def save_pdf(self, ticket: TicketView, target: Path) -> None:
        try:
            write_pdf(ticket, self._shell.desk.clock.now(), str(target))
        except KnownError as error:
            self._shell.fail(error)
        else:
            self._shell.tell(tr("window.saved", file=target))

    def save_mails(self, ticket: TicketView, target: Path) -> None:
        shell = self._shell
        work = partial(save_archive, shell.desk.database, ticket, target)
        shell.run_long(self, tr("export.working"), work, self._saved, shell.fail)

    def _saved(self, target: Path) -> None:
        self._shell.tell(tr("window.saved", file=target))

    def _ask(self, ending: str, save: Callable[[TicketView, Path], None]) -> None:
        ticket = self._shell.ticket.ticket
        if ticket is None:
            return
        target, _ = QFileDialog.getSaveFileName(self._shell.window, tr("file.save_as"), file_name(ticket, ending))
        if target:
            save(ticket, Path(target))
