"""A ticket on paper, and saved."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.models.records.tickets import MessageKind
from app.views.export.page import page_of
from app.views.export.part import ExportPart
from app.views.main_window import MainWindow
from tests.views.conftest import until
from tests.views.messages import AT, a_file, a_message, a_ticket


def test_all_of_a_ticket_is_on_the_page_and_nothing_is_loaded(window: MainWindow) -> None:
    mail = a_message(html='<p>Blank <b>pages</b><img src="https://tracker.example/a.gif"></p>', text="Blank pages")
    note = a_message(MessageKind.NOTE, text="<script>x</script>", attachments=(a_file(),))
    told = page_of(a_ticket(mail, note), AT).toPlainText()
    assert "#7 Printer" in told
    assert "Blank pages" in told
    assert "<script>x</script>" in told
    assert "report.pdf (12 kB)" in told


def test_a_ticket_is_saved_as_pdf_and_as_mails(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    part, ticket = window.shell.part(ExportPart), window.ticket.ticket
    assert ticket is not None
    part.save_pdf(ticket, tmp_path / "t.pdf")
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "t.pdf").stat().st_size > 5_000
    part.save_mails(ticket, tmp_path / "t.zip")
    until(qtbot, (tmp_path / "t.zip").exists)
    until(qtbot, lambda: "t.zip" in window.layout_.told.words)


def test_a_place_that_cannot_be_written_is_told(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    part, ticket = window.shell.part(ExportPart), window.ticket.ticket
    assert ticket is not None
    part.save_pdf(ticket, tmp_path / "nowhere" / "t.pdf")
    assert "nowhere" in window.layout_.told.words
    part.save_mails(ticket, tmp_path / "nowhere" / "t.zip")
    until(qtbot, lambda: "t.zip" in window.layout_.told.words)
