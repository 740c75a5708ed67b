"""What was done while the database was away is filed once, in order, and what cannot be stays with its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.models.errors import DatabaseError, KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome
from app.models.records.desk import Actor
from app.models.records.tickets import MessageKind, NewAttachment, NewNote, Status
from app.models.tables import Agent, Mention, Message, Ticket
from app.services.journal.calls import UnfinishedCalls
from app.services.offline import Outcome, TicketNote, Unfiled, Waiting, filing
from app.services.tickets import editing, mending, reading
from app.services.tickets.editing import Stale
from tests.fixtures.rounds import MailDesk
from tests.services.offline.conftest import a_call, a_note, tickets

Restarted = Callable[[], Waiting]


@pytest.fixture
def away(desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The database is away while the list is empty. Filing takes a second each."""
    there: list[bool] = []
    look = filing._look

    def gone(*told: object) -> object:
        if not there:
            raise DatabaseError("database.lost", detail="gone")
        desk.clock.forward(seconds=1)
        return look(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "_look", gone)
    return there


def stored(desk: MailDesk, kinds: tuple[MessageKind, ...] = (MessageKind.CALL, MessageKind.NOTE)) -> list[str]:
    """What was filed, in the order in which it was stored."""
    with desk.database.read() as session:
        query = select(Message.text).where(Message.kind.in_([each.value for each in kinds]))
        return list(session.scalars(query.order_by(Message.stored_at, Message.id)))


def file(desk: MailDesk, waiting: Waiting, actor: Actor | None = None) -> list[str | None]:
    """The codes of what was refused, None for what was filed."""
    return [each.error.code if each.error else None for each in waiting.file(desk.database, actor or desk.agent)]


def finish(desk: MailDesk, waiting: Waiting, what: CallForm | TicketNote) -> Outcome:
    """As the window does it."""
    thing = Unfiled.of(desk.agent, desk.clock.now(), what)
    try:
        waiting.add(thing)
    except KnownError as unkept:
        return waiting.file_unkept(desk.database, desk.agent, thing, unkept)
    return waiting.file_new(desk.database, desk.agent, thing)


def test_things_wait_over_restarts_and_are_filed_in_their_order(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    ticket = tickets(desk)[0]
    for count in range(6):
        what = a_call(desk, f"call {count}", ticket.id) if count % 2 else a_note(desk, f"note {count}", ticket)
        outcome = finish(desk, restarted(), what)
        assert outcome.error is not None
        assert outcome.ticket_id is None
        desk.clock.forward(minutes=1)
    assert stored(desk) == []
    away.append(True)
    waiting = restarted()
    assert [each.text.rpartition("\n")[2] for each in waiting.all()] == [
        "note 0", "call 1", "note 2", "call 3", "note 4", "call 5",
    ]  # fmt: skip
    began = desk.clock.now()
    assert file(desk, waiting) == [None] * 6
    assert file(desk, restarted()) == []
    shown = reading.show(desk.database, ticket.id)
    assert [each.text for each in shown.messages[1:]] == ["note 0", "call 1", "note 2", "call 3", "note 4", "call 5"]
    assert shown.messages[1].at == began - timedelta(minutes=6)  # when it was written


def test_what_was_filed_already_only_leaves_the_journal(desk: MailDesk, restarted: Restarted) -> None:
    """The commit came through, and the desk died before it heard of it."""
    ticket = tickets(desk)[0]
    call, note = a_call(desk, "call"), a_note(desk, "note", ticket)
    waiting = restarted()
    for what in (call, note):
        thing = Unfiled.of(desk.agent, desk.clock.now(), what)
        waiting.add(thing)
        filing.file_one(desk.database, desk.agent, thing)
    outcomes = restarted().file(desk.database, desk.agent)
    assert [each.error for each in outcomes] == [None, None]
    assert sorted(stored(desk)) == ["call", "note"]
    assert restarted().all() == []


def test_a_note_keeps_its_id_its_files_and_whom_it_calls_for(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    ticket = tickets(desk)[0]
    with desk.database.write(desk.agent) as work:
        colleague = new_id()
        work.session.add(Agent(id=colleague, name="Lena Vogt", mail="l@x.example", role="agent", active=True))
    picture = NewAttachment("pasted.png", "image/png", b"\x89PNG\xff\x00", "pasted@firstline")
    note = NewNote("@Lena Vogt look", "<p>@Lena Vogt <b>look</b></p>", (picture,), written_at=desk.clock.now())
    what = replace(a_note(desk, "", ticket), note=note)
    finish(desk, restarted(), what)
    away.append(True)
    file(desk, restarted())
    filed = reading.show(desk.database, ticket.id).messages[-1]
    assert filed.id == note.id
    assert filed.html is not None
    assert "<b>look</b>" in filed.html
    assert reading.attachment_content(desk.database, filed.attachments[0].sha256) == picture.content
    with desk.database.read() as session:
        assert session.scalar(select(Mention.agent_id).where(Mention.message_id == note.id)) == colleague


def test_what_became_impossible_stays_with_its_reason_and_holds_up_nothing(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    first, second = tickets(desk)
    waiting = restarted()
    gone = replace(a_note(desk, "gone", first), ticket_id=new_id())
    for what in (
        a_note(desk, "on the merged", first), a_call(desk, "call on the merged", first.id), gone,
        a_note(desk, "on the closed", second), a_call(desk, "fine"),
    ):  # fmt: skip
        finish(desk, waiting, what)
    third = desk_ticket(desk)
    mending.merge(desk.database, desk.agent, first.id, third.id)
    editing.set_status(desk.database, desk.agent, Stale(second.id), Status.CLOSED)
    away.append(True)
    told = file(desk, restarted())
    assert told == ["waiting.merged", "waiting.merged", "ticket.gone", "waiting.closed", None]
    assert stored(desk) == ["fine"]
    kept = restarted()
    assert [each.refused.code for each in kept.all() if each.refused] == told[:4]
    assert file(desk, kept) == []  # it is not tried again by itself
    assert kept.all()[0].refused is not None
    assert kept.all()[0].refused.facts == {"number": first.number, "into": third.number}


def desk_ticket(desk: MailDesk) -> Ticket:
    from tests.fixtures.rounds import eml

    desk.receive(eml(mail_id="c@acme.example", subject="Third"))
    return tickets(desk)[-1]


def test_a_refused_note_is_filed_elsewhere_and_a_call_goes_back_to_its_form(
    desk: MailDesk, restarted: Restarted, away: list[bool], tmp_path: object
) -> None:
    first, second = tickets(desk)
    waiting = restarted()
    finish(desk, waiting, a_note(desk, "note", first))
    finish(desk, waiting, a_call(desk, "call", first.id))
    mending.merge(desk.database, desk.agent, first.id, second.id)
    away.append(True)
    assert file(desk, waiting) == ["waiting.merged"] * 2
    note, call = waiting.all()
    waiting.again(note, (second.id, second.number, second.subject))
    waiting.back_to_typing(call.what)  # type: ignore[arg-type]
    assert file(desk, restarted()) == [None]
    assert stored(desk) == ["note"]
    assert restarted().all() == []
    assert [each.text for each in UnfinishedCalls(restarted()._journal).all()] == ["call"]


def test_a_note_on_a_ticket_that_was_closed_before_is_filed(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    ticket = tickets(desk)[0]
    editing.set_status(desk.database, desk.agent, Stale(ticket.id), Status.CLOSED)
    what = replace(a_note(desk, "for the records", ticket), was_done=True)
    finish(desk, restarted(), what)
    away.append(True)
    assert file(desk, restarted()) == [None]


def test_who_left_meanwhile_files_nothing_and_nothing_is_lost(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    finish(desk, restarted(), a_call(desk, "call"))
    with desk.database.write(desk.agent) as work:
        work.session.execute(update(Agent).where(Agent.id == desk.agent.id).values(active=False))
    away.append(True)
    assert file(desk, restarted()) == ["waiting.not_here"]
    assert [each.text for each in restarted().all()] != []


def test_somebody_else_at_this_desk_files_nothing_in_my_name(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    finish(desk, restarted(), a_call(desk, "mine"))
    away.append(True)
    other = replace(desk.agent, id=new_id(), name="Somebody Else")
    assert file(desk, restarted(), other) == []
    assert len(restarted().all()) == 1
    assert file(desk, restarted()) == [None]


def test_what_names_a_thing_that_is_gone_is_refused_and_not_a_crash(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    form = replace(a_call(desk, "call"), application_id=new_id())
    finish(desk, restarted(), form)
    away.append(True)
    assert file(desk, restarted()) == ["waiting.contradiction"]
    assert stored(desk) == []


def test_a_team_that_is_gone_refuses_a_call_that_was_handed_over(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    form = replace(a_call(desk, "call"), outcome=CallOutcome.HANDED_OVER, team_id=new_id())
    finish(desk, restarted(), form)
    away.append(True)
    assert file(desk, restarted()) == ["call.no_team"]


def test_the_first_that_the_database_does_not_take_stops_the_others(
    desk: MailDesk, restarted: Restarted, away: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in range(3):
        finish(desk, restarted(), a_call(desk, f"call {count}"))
        desk.clock.forward(minutes=1)
    away.append(True)
    real, seen = filing.file_call, list[str]()

    def full_at_the_second(database: object, actor: object, form: object, region: str) -> object:
        seen.append(form.text)  # type: ignore[attr-defined]
        if len(seen) == 2:
            raise DatabaseError("database.disk_full")
        return real(database, actor, form, region)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "file_call", full_at_the_second)
    assert file(desk, restarted()) == [None, "database.disk_full"]
    assert file(desk, restarted()) == [None, None]
    assert seen == ["call 0", "call 1", "call 1", "call 2"]
    assert stored(desk) == ["call 0", "call 1", "call 2"]


def test_a_new_thing_waits_behind_those_that_wait(desk: MailDesk, restarted: Restarted, away: list[bool]) -> None:
    waiting, ticket = restarted(), tickets(desk)[0]
    finish(desk, waiting, a_note(desk, "first", ticket))
    away.append(True)
    outcome = finish(desk, waiting, a_note(desk, "second", ticket))
    assert outcome.ticket_id == ticket.id
    assert [each.text for each in reading.show(desk.database, ticket.id).messages[1:]] == ["first", "second"]


def test_where_nothing_can_be_kept_it_is_filed_at_once_or_refused(
    desk: MailDesk, restarted: Restarted, away: list[bool]
) -> None:
    waiting = restarted()
    waiting._journal.file.parent.write_text("in the way", encoding="utf-8")
    outcome = finish(desk, waiting, a_call(desk, "call"))
    assert outcome.error is not None
    assert outcome.error.code.startswith(("file.", "profile."))
    away.append(True)
    assert finish(desk, waiting, a_call(desk, "call")).error is None
    assert stored(desk) == ["call"]
