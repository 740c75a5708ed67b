"""Everything the window does works for each person under the login of their own, and leaves what the guards refuse."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.models.errors import DatabaseError, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome
from app.models.records.canned import Canned
from app.models.records.desk import Role
from app.models.records.intake import Outcome
from app.models.records.mail import Address
from app.models.records.queue import QueueFilter, QueueView
from app.models.records.tickets import Answer, LinkKind, NewNote, Status
from app.models.tables import ChannelState, Receipt
from app.services import accounts, canned, mentions, presence, staff, views
from app.services.accounts import moving
from app.services.channels.interface import Batch, Incoming
from app.services.database import leases, open_database
from app.services.intake import quarantine
from app.services.intake.taking import Intake
from app.services.intake.taking_over import take_over
from app.services.outbox.sending import retry_dead
from app.services.phone.filing import file_call
from app.services.staff import away, logins
from app.services.tickets import answering, editing, linking, mending, reading, recalling
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.fixtures.rounds import eml

CARL = Address("carl@customer.example", "Carl")
HOLD = timedelta(seconds=8)


@pytest.mark.parametrize("who", ["ann", "sue", "tom"])
def test_who_signs_in_is_whom_the_database_knows(shared_desk: SharedDesk, who: str) -> None:
    database, actor = shared_desk.as_(who)
    assert actor.id == shared_desk.agent(who).id
    assert staff.sign_in(database, "bob@desk.example").id == actor.id  # whatever the settings say


@pytest.mark.parametrize("who", ["ann", "sue", "tom"])
def test_the_work_of_a_day(shared_desk: SharedDesk, who: str) -> None:
    database, actor = shared_desk.as_(who)
    mine, other, free = (shared_desk.tickets[each] for each in ("mine", "other", "free"))
    bob = shared_desk.agent("bob").id
    editing.assign(database, actor, Stale(free), actor.id)
    editing.set_tags(database, actor, Stale(free), add=["vpn"])
    answering.note(database, actor, other, NewNote("Bob, look", None, (), (bob,)))
    answering.answer(database, actor, other, Answer((CARL,), (), "Re", "Done.", then_status=Status.SOLVED))
    assert reading.show(database, other).row.status is Status.SOLVED
    undo = linking.link(database, actor, free, other, LinkKind.RELATED)
    mending.undo(database, actor, undo)
    _, undo = mending.split(database, actor, [reading.show(database, other).messages[0].id])
    mending.undo(database, actor, undo)
    mending.undo(database, actor, mending.merge(database, actor, mine, other))
    session = new_id()
    presence.report(database, actor, session, free, typing=True)
    presence.leave(database, actor, session)
    mentions.seen(database, actor, free)
    away.set_away(database, actor, actor.id, None)
    away.set_back(database, actor, actor.id)
    views.save(database, actor, QueueView("", "Mine", QueueFilter(), builtin=False), shared=False)
    canned.save(database, actor, Canned(new_id(), "Hello", "hi", "<p>Hi</p>", None, actor.id))


def test_an_answer_to_anothers_ticket_can_be_taken_back(shared_desk: SharedDesk) -> None:
    database, ann = shared_desk.as_("ann")
    other = shared_desk.tickets["other"]
    before = reading.show(database, other)
    message = answering.answer(
        database, ann, other, Answer((CARL,), (), "Re", "x", then_status=Status.SOLVED), hold=HOLD
    )
    mending.undo(database, ann, recalling.undo_of(database, message))
    after = reading.show(database, other)
    assert (after.row.status, len(after.messages)) == (before.row.status, len(before.messages))


def test_a_call_is_filed_with_all_that_follows(shared_desk: SharedDesk) -> None:
    database, ann = shared_desk.as_("ann")
    applications = next(each.id for each in staff.teams(database) if each.name == "Applications")
    form = CallForm(
        database.clock.now(),
        who="+4930123456",
        person_name="Carl",
        subject="No VPN",
        text="Since noon",
        outcome=CallOutcome.HANDED_OVER,
        team_id=applications,
        category="vpn",
    )
    filed = file_call(database, ann, form, "DE")
    assert file_call(database, ann, form, "DE") == type(filed)(filed.ticket_id, filed.number, new=False)
    assert reading.show(database, filed.ticket_id).row.team == "Applications"


def test_who_gave_a_ticket_away_may_think_better_of_it(shared_desk: SharedDesk) -> None:
    database, ann = shared_desk.as_("ann")
    bob = shared_desk.agent("bob").id
    undo = editing.assign(database, ann, Stale(shared_desk.tickets["mine"]), bob)
    mending.undo(database, ann, undo)
    assert reading.show(database, shared_desk.tickets["mine"]).assignee_id == ann.id


def test_nobody_takes_back_what_became_anothers_to_give(shared_desk: SharedDesk) -> None:
    (ann_database, ann), (sue_database, sue) = shared_desk.as_("ann"), shared_desk.as_("sue")
    free, bob = shared_desk.tickets["free"], shared_desk.agent("bob").id
    undo = editing.assign(ann_database, ann, Stale(free), bob)
    editing.assign(sue_database, sue, Stale(free), None)
    editing.assign(sue_database, sue, Stale(free), bob)
    with pytest.raises(NotAllowed, match=r"not_allowed\.assign"):
        mending.undo(ann_database, ann, undo)


def test_a_given_up_mail_is_tried_again_by_who_wrote_it(shared_desk: SharedDesk) -> None:
    database, ann = shared_desk.as_("ann")
    mine = shared_desk.tickets["mine"]
    message = answering.answer(database, ann, mine, Answer((CARL,), (), "Re", "x"))
    with shared_desk.owner.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'dead' WHERE state = 'queued'")
    retry_dead(database, ann, message)
    assert reading.show(database, mine).messages[-1].delivery == "queued"


def test_a_rule_that_an_old_window_does_not_know_of_is_kept_by_the_database(shared_desk: SharedDesk) -> None:
    database, sue = shared_desk.as_("sue")
    logins.set_role(shared_desk.owner, SYSTEM, shared_desk.agent("sue"), Role.AGENT)
    with pytest.raises(DatabaseError, match=r"database\.no_rights"):
        editing.assign(database, sue, Stale(shared_desk.tickets["other"]), sue.id)


def test_who_is_disabled_while_connected_reads_and_writes_nothing_more(shared_desk: SharedDesk) -> None:
    database, ann = shared_desk.as_("ann")
    logins.disable(shared_desk.owner, SYSTEM, shared_desk.agent("ann"))
    with pytest.raises(DatabaseError, match=r"database\.no_rights"):
        reading.show(database, shared_desk.tickets["mine"])
    with pytest.raises(DatabaseError, match=r"database\.no_rights"):
        answering.note(database, ann, shared_desk.tickets["mine"], NewNote("x", None, (), ()))
    logins.enable(shared_desk.owner, SYSTEM, shared_desk.agent("ann"))
    assert reading.show(database, shared_desk.tickets["mine"]).row.number


def test_only_who_carries_mail_takes_leases(shared_desk: SharedDesk) -> None:
    ann, _ = shared_desk.as_("ann")
    tom, _ = shared_desk.as_("tom")
    with pytest.raises(DatabaseError, match=r"database\.no_rights"):
        leases.take(ann, SYSTEM, "channel/support", "ann", HOLD)
    assert leases.take(tom, SYSTEM, "channel/support", "tom", HOLD) is not None


def test_a_workers_login_sits_at_no_desk(shared_desk: SharedDesk) -> None:
    with pytest.raises(KnownError, match=r"staff\.worker_login"):
        shared_desk.as_("worker")


def test_an_administrator_moves_a_channel_and_the_worker_begins_anew(shared_desk: SharedDesk) -> None:
    config = {"address": "support@desk.example", "host": "mail.desk.example"}
    account = accounts.new_account("support", "imap", config["address"], config)
    accounts.add(shared_desk.owner, SYSTEM, account)
    stand = {"channel_id": account.id, "cursor": "{}", "kind": "imap", "problem_facts": {}}
    taken = {"channel_id": account.id, "external_id": "1:5", "at": shared_desk.clock.now(), "outcome": "ignored"}
    with shared_desk.owner.write(SYSTEM) as work:
        work.session.execute(insert(ChannelState), [stand])
        work.session.execute(insert(Receipt), [taken])
    database, tom = shared_desk.as_("tom")
    moved = moving.move(database, tom, account, "graph", {"address": config["address"], "client_id": "1"})
    worker = open_database(shared_desk.url_of("worker"), shared_desk.clock)
    try:
        held = leases.take(worker, SYSTEM, "channel/support", "worker", HOLD)
        assert held is not None
        take_over(worker, SYSTEM, moved, held)
        assert accounts.cursor_of(worker, moved) == (None, "graph")
    finally:
        worker.close()
    with shared_desk.owner.read() as session:
        ((name, settled),) = session.execute(select(Receipt.external_id, Receipt.settled)).all()
    assert (name.startswith("former:"), name.endswith(":1:5"), settled) == (True, True, True)


def test_a_worker_takes_in_what_comes_late(shared_desk: SharedDesk) -> None:
    config = {"address": "support@desk.example", "host": "mail.desk.example"}
    account = accounts.new_account("support", "imap", config["address"], config)
    accounts.add(shared_desk.owner, SYSTEM, account)
    worker = open_database(shared_desk.url_of("worker"), shared_desk.clock)
    raw = eml("Late", mail_id="late@acme.example")
    try:
        intake, origin = Intake(worker, SYSTEM), accounts.origin_of(worker, account)
        first = intake.take(origin, Batch([Incoming("1:5", None, len(raw), "withheld")], "1"))
        second = intake.take(origin, Batch([Incoming("1:5", raw, len(raw))], "2"))
    finally:
        worker.close()
    assert (first.outcomes[Outcome.QUARANTINED], second.outcomes[Outcome.NEW]) == (1, 1)
    assert quarantine.listed(shared_desk.owner) == []
