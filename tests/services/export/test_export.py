"""What is taken along of a ticket can be read by any mail program."""

import email
import zipfile
from email.policy import default
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.models.records.tickets import NewAttachment, NewNote
from app.services.export import as_eml, file_name, save_archive
from app.services.tickets import answering
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    mail_desk.receive(eml('Drucker / "Halle 3"\x07 geht nicht', "Grüße", mail_id="a@acme.example"))
    file = NewAttachment("plan äöü.pdf", "application/pdf", b"%PDF-1.7")
    note = NewNote("Only for us.", attachments=(file,))
    answering.note(mail_desk.database, mail_desk.agent, mail_desk.ticket(1).row.id, note)
    return mail_desk


def test_a_mail_is_what_it_was(desk: MailDesk) -> None:
    mail = email.message_from_bytes(as_eml(desk.database, desk.ticket(1).messages[0]), policy=default)
    assert (mail["Message-ID"], mail["From"].addresses[0].addr_spec) == ("<a@acme.example>", "anna@acme.example")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Grüße"


def test_a_note_takes_its_files_along(desk: MailDesk) -> None:
    mail = email.message_from_bytes(as_eml(desk.database, desk.ticket(1).messages[1]), policy=default)
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("plan äöü.pdf", b"%PDF-1.7")


def test_an_archive_has_every_message_and_says_how_far_it_is(desk: MailDesk, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def step(done: int, count: int) -> bool:
        told.append((done, count))
        return True

    save_archive(desk.database, desk.ticket(1), tmp_path / "t.zip", step)
    with zipfile.ZipFile(tmp_path / "t.zip") as archive:
        assert [each[:4] for each in archive.namelist()] == ["0001", "0002"]
    assert told == [(0, 2), (1, 2)]


def test_one_that_is_stopped_or_cannot_be_written_leaves_nothing(desk: MailDesk, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"export\.stopped"):
        save_archive(desk.database, desk.ticket(1), tmp_path / "t.zip", lambda done, _count: done < 1)
    with pytest.raises(KnownError, match=r"file\.cannot_write"):
        save_archive(desk.database, desk.ticket(1), tmp_path / "nowhere" / "t.zip", lambda *_: True)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("t.")] == []


def test_a_file_is_named_so_that_every_system_takes_it(desk: MailDesk) -> None:
    name = file_name(desk.ticket(1), ".pdf")
    assert name.startswith("ticket-1 Drucker")
    assert not set(name) & set('<>:"/\\|?*\x07')
