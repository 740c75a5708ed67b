"""A mail to who goes on duty, and to who goes off, once each, whether or not they have a desk open."""

from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import delete, select, update

from app.models.identifiers import new_id
from app.models.records.on_call import Override, Rotation
from app.models.tables import Channel, DutyNotice, Outbox
from app.services import oncall
from app.services.database import Database
from app.services.oncall.noticing import HandOverMails
from app.services.sla.sweeping import Sweep
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.rounds import MailDesk
from tests.services.oncall.test_ical import SINCE, rotate

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Duty:
    """Two people in turns of a day; an hour and two minutes are left of the first."""

    database: Database
    clock: SettableClock
    rotation: Rotation

    def sweep(self, after: timedelta = timedelta(0), step: HandOverMails | None = None) -> int:
        self.clock.at += after
        return Sweep(self.database, SYSTEM, "desk", (step or HandOverMails(),)).run()

    def mails(self) -> dict[str, EmailMessage]:
        """By the name of who it is for."""
        with self.database.read() as session:
            rows = session.scalars(select(Outbox.raw).order_by(Outbox.created_at, Outbox.id)).all()
        told = [message_from_bytes(each, policy=default) for each in rows]
        return {each["To"].addresses[0].display_name: each for each in told}


@pytest.fixture
def duty(mail_desk: MailDesk) -> Duty:
    rotation, _ = rotate(mail_desk.database)
    mail_desk.clock.at = SINCE + DAY - HOUR - 2 * MINUTE
    found = Duty(mail_desk.database, mail_desk.clock, rotation)
    found.sweep()
    with mail_desk.database.write(SYSTEM) as work:
        work.session.execute(delete(Outbox))
    return found


def test_both_are_told_an_hour_before_and_never_again(duty: Duty) -> None:
    step = HandOverMails()
    assert duty.sweep(step=step) == 0
    assert duty.sweep(3 * MINUTE, step) == 2
    told = duty.mails()
    assert {name: str(each["Subject"]) for name, each in told.items()} == {
        "Ann": "Your duty for Application Support ends",
        "Bob": "You go on duty for Application Support",
    }
    assert {each["Auto-Submitted"] for each in told.values()} == {"auto-replied"}
    assert duty.sweep(3 * MINUTE, step) == 0
    assert duty.sweep() == 0


def test_the_mail_says_until_when_in_which_zone_and_after_whom(duty: Duty) -> None:
    duty.sweep(3 * MINUTE)
    text = duty.mails()["Bob"].get_content()
    assert "Before you: Ann." in text
    assert "(UTC)" in text


def test_a_duty_mail_is_sent_like_any_other(mail_desk: MailDesk, duty: Duty) -> None:
    duty.sweep(3 * MINUTE)
    mail_desk.round()
    assert sorted(each.recipients for each in mail_desk.channel.sent) == [
        ("ann@desk.example",),
        ("bob@desk.example",),
    ]


def test_a_desk_that_slept_tells_of_a_duty_that_lasts_and_not_of_one_that_is_over(duty: Duty) -> None:
    assert duty.sweep(5 * HOUR) == 1
    assert list(duty.mails()) == ["Bob"]


def test_without_a_channel_nobody_counts_as_told(duty: Duty) -> None:
    with duty.database.write(SYSTEM) as work:
        work.session.execute(update(Channel).values(active=False))
    assert duty.sweep(3 * MINUTE) == 0
    with duty.database.read() as session:
        assert session.scalars(select(DutyNotice.id).where(DutyNotice.at > duty.clock.at)).all() == []


def test_a_shift_that_was_taken_over_is_told_to_who_has_it(duty: Duty) -> None:
    ann, bob = duty.rotation.members
    begins = SINCE + DAY
    taken = Override(new_id(), duty.rotation.team_id, ann, begins + 6 * HOUR, begins + DAY, instead_of=bob)
    oncall.override(duty.database, SYSTEM, taken)
    duty.clock.at = begins + 5 * HOUR + MINUTE
    assert duty.sweep() == 3
    assert str(duty.mails()["Ann"]["Subject"]).startswith("You go on duty")
