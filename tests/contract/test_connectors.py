"""What every connector promises, seen on a real mailbox of each kind."""

from contextlib import suppress
from time import monotonic

import pytest

from app.models.errors import ChannelError
from app.services.channels.interface import Outgoing
from app.services.wording import catalogue, languages
from tests.contract.conftest import MAX_BYTES, Rig
from tests.fixtures.rounds import eml


def subjects(batch) -> list[str]:
    lines = [line for each in batch.messages for line in (each.raw or b"").splitlines()]
    return [line.removeprefix(b"Subject: ").decode() for line in lines if line.startswith(b"Subject: ")]


def test_mails_come_once_in_the_order_they_arrived(rig: Rig) -> None:
    for number in range(5):
        rig.deliver(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    connector = rig.open()
    found, cursor, more = [], None, True
    while more:
        batch = connector.poll(cursor, 2)
        assert len(batch.messages) <= 2
        found += subjects(batch)
        cursor, more = batch.cursor, batch.more
    connector.close()
    assert found == [f"Mail {number}" for number in range(5)]


def test_what_was_committed_is_not_read_again_by_a_new_process(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    first = rig.open()
    batch = first.poll(None, 10)
    first.close()
    second = rig.open()
    again = second.poll(batch.cursor, 10)
    assert (list(again.messages), again.more) == ([], False)
    rig.deliver(eml("Two", mail_id="two@x.example"))
    assert subjects(second.poll(again.cursor, 10)) == ["Two"]
    second.close()


def test_what_was_not_committed_is_read_again_under_the_same_name(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    first, again = connector.poll(None, 10), connector.poll(None, 10)
    connector.close()
    assert [each.external_id for each in first.messages] == [each.external_id for each in again.messages]
    assert len(again.messages) == 1


def test_settling_is_safe_to_repeat_and_loses_no_later_mail(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    batch = connector.poll(None, 10)
    names = [each.external_id for each in batch.messages]
    connector.settle(names)
    connector.settle(names)
    rig.deliver(eml("Two", mail_id="two@x.example"))
    assert subjects(connector.poll(batch.cursor, 10)) == ["Two"]
    connector.close()


def test_an_oversized_mail_is_named_and_not_fetched(rig: Rig) -> None:
    rig.deliver(eml("Big", "x" * (MAX_BYTES + 1), mail_id="big@x.example"))
    rig.deliver(eml("Small", mail_id="small@x.example"))
    connector = rig.open()
    batch = connector.poll(None, 10)
    connector.close()
    assert [(each.problem, each.raw is None) for each in batch.messages] == [("too_large", True), (None, False)]
    assert batch.messages[0].size > MAX_BYTES


def test_a_mail_comes_as_it_was_byte_for_byte_in_its_body(rig: Rig) -> None:
    raw = eml("Größe", "Zeile eins\r\n.\r\n..zwei\r\nFrom here\r\n", mail_id="bytes@x.example")
    rig.deliver(raw)
    connector = rig.open()
    (incoming,) = connector.poll(None, 10).messages
    connector.close()
    assert incoming.raw is not None
    body = incoming.raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[1]
    assert body.rstrip() == raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[1].rstrip()


def test_a_sent_mail_is_found_by_its_message_id_and_another_is_not(rig: Rig) -> None:
    raw = eml("Answer", sender=f"Desk <{rig.address}>", to="anna@acme.example", mail_id="answer@desk.example")
    connector = rig.open()
    assert connector.find_sent("answer@desk.example") is False
    connector.send(Outgoing("answer@desk.example", rig.address, ["anna@acme.example"], raw))
    assert connector.find_sent("answer@desk.example") is True
    assert connector.find_sent("other@desk.example") is False
    connector.close()


def test_a_wrong_secret_is_told_and_is_no_passing_trouble(rig: Rig) -> None:
    if not rig.has_secret:
        pytest.skip("a folder has no secret")
    connector = rig.open(password="wrong")
    with pytest.raises(ChannelError, match="sign_in_refused") as refused:
        connector.poll(None, 10)
    connector.close()
    assert not refused.value.passing


def test_a_test_tells_each_step_and_changes_nothing(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    probes = connector.test()
    assert probes
    for language in languages():
        for each in probes:
            assert catalogue(language)[f"probe.{each.code}"].format(**each.facts)
    assert subjects(connector.poll(None, 10)) == ["One"]
    connector.close()


def test_closing_twice_and_using_it_again_works(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    connector.close()
    connector.close()
    assert subjects(connector.poll(None, 10)) == ["One"]
    connector.close()


def test_what_is_no_mail_at_all_comes_as_it_is_and_keeps_nothing_from_coming(rig: Rig) -> None:
    rig.deliver(b"no header here\r\n\r\n\xff\xfe \x01 bytes\r\n")
    rig.deliver(eml("Next", mail_id="next@x.example"))
    connector = rig.open()
    batch = connector.poll(None, 10)
    connector.close()
    assert len(batch.messages) == 2
    assert b"\xff\xfe" in (batch.messages[0].raw or b"")
    assert subjects(batch)[-1:] == ["Next"]


def test_names_that_were_never_given_are_settled_without_complaint(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    connector.poll(None, 10)
    connector.settle(["nothing", "1:2:3", "../../x:1:1", ""])
    assert subjects(connector.poll(None, 10)) == ["One"]
    connector.close()


def test_a_mail_that_went_away_after_it_was_read_is_settled_without_complaint(rig: Rig) -> None:
    rig.deliver(eml("One", mail_id="one@x.example"))
    first, second = rig.open(), rig.open()
    names = [each.external_id for each in first.poll(None, 10).messages]
    second.settle(names)
    first.settle(names)
    for each in (first, second):
        each.close()


def test_reading_goes_on_after_the_server_was_started_anew(rig: Rig) -> None:
    if rig.restart is None:
        pytest.skip("no server behind it that could be restarted")
    rig.deliver(eml("One", mail_id="one@x.example"))
    connector = rig.open()
    batch = connector.poll(None, 10)
    rig.restart()
    rig.deliver(eml("Two", mail_id="two@x.example"))
    with suppress(ChannelError):  # a server may let its connections live, or not
        connector.poll(batch.cursor, 10)
    later = connector.poll(batch.cursor, 10)
    connector.close()
    assert subjects(later) == ["Two"]


def test_waiting_ends_in_time_when_nothing_comes(rig: Rig) -> None:
    connector = rig.open()
    cursor = connector.poll(None, 10).cursor
    started = monotonic()
    connector.wait(0.5)
    assert monotonic() - started < 5
    rig.deliver(eml("One", mail_id="one@x.example"))
    assert subjects(connector.poll(cursor, 10)) == ["One"]
    connector.close()
