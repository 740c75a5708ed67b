"""A mail that goes out reaches whom it is meant for, and is found again by its Message-ID."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.services.mail.writing import Draft, new_mail_id, write_mail


def written(sender: str, to: str) -> bytes:
    mail_id = new_mail_id(7, UUID(int=7), sender)
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    return write_mail(Draft(mail_id, 7, Address(sender), [Address(to, "Anna")], [], "Subject", "Text", noon))


def test_a_domain_of_other_letters_is_written_as_that_of_nobody_else() -> None:
    raw = written("support@desk.example", "anna@straße.example")
    assert message_from_bytes(raw, policy=default)["To"].addresses[0].addr_spec == "anna@xn--strae-oqa.example"


def test_a_desk_under_a_domain_of_other_letters_finds_its_mails_again() -> None:
    raw = written("support@straße.example", "anna@acme.example")
    told = str(message_from_bytes(raw, policy=default)["Message-ID"])
    assert told == f"<{new_mail_id(7, UUID(int=7), 'support@straße.example')}>"
    assert told.endswith("@xn--strae-oqa.example>")


def test_a_domain_that_cannot_be_one_is_told() -> None:
    with pytest.raises(KnownError, match=r"mail\.bad_address") as told:
        written("support@desk.example", "anna@ü..example")
    assert told.value.facts["address"] == "anna@ü..example"
