"""A ticket climbs with its packet; whom it is offered to is asked in turn, and nothing is stuck."""

import pytest

from app.models.errors import Conflict, KnownError
from app.models.records.clocks import ClockKind, ClockReason, ClockState
from app.models.records.handoffs import HandoffKind, HandoffState, Packet
from app.models.records.tickets import MessageKind, NewNote, Priority, Status
from app.models.tables import Agent
from app.services.escalation import packet, replying
from app.services.sla import telling as clocks
from app.services.tickets import answering, editing, mending
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import eml
from tests.services.escalation.desk import PACKET, Ladder


def test_the_assignee_moves_and_the_owner_stays(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    ticket = rungs.ticket
    assert (ticket.team_id, ticket.assignee_id) == (rungs.teams["Application Support"].id, None)
    assert ticket.owner_id == rungs.desk.agent.id
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    ticket = rungs.ticket
    assert (ticket.assignee_id, ticket.owner_id) == (rungs.people["Ann"].id, rungs.desk.agent.id)
    assert (rungs.step.state, rungs.step.accepted_by) == (HandoffState.ACCEPTED, "Ann")


def test_the_packet_stands_in_the_conversation_for_the_staff_alone(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    [note] = [each for each in rungs.ticket.messages if each.kind is MessageKind.NOTE]
    assert all(words in note.text for words in (PACKET.happening, PACKET.tried, PACKET.verify_first))


def test_what_is_to_be_done_before_is_asked_for(rungs: Ladder) -> None:
    rungs.ask()
    with pytest.raises(KnownError, match=r"escalation\.not_ticked"):
        rungs.hand(ticked=(), bypass="in a hurry")
    with pytest.raises(KnownError, match=r"escalation\.packet_empty"):
        rungs.hand(packet=Packet())
    assert rungs.steps == ()


def test_only_a_p1_passes_the_checklist_and_only_with_a_reason(rungs: Ladder) -> None:
    rungs.ask(Priority.P1)
    with pytest.raises(KnownError, match=r"escalation\.not_ticked_p1"):
        rungs.hand(ticked=())
    rungs.hand(ticked=(), bypass="All tills are down")
    assert rungs.step.bypass == "All tills are down"


def test_who_does_not_answer_is_followed_by_the_next_and_then_by_the_next_step(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    assert rungs.asked() == [("Ann", "pending")]
    rungs.sweep(minutes=14)
    assert rungs.asked() == [("Ann", "pending")]
    rungs.sweep(minutes=1)
    assert rungs.asked() == [("Ann", "no_answer"), ("Bob", "pending")]
    rungs.sweep(minutes=15)
    assert rungs.asked(0) == [("Ann", "no_answer"), ("Bob", "no_answer")]
    assert (rungs.step.node, rungs.asked()) == ("l3", [("Cid", "pending")])
    assert rungs.ticket.team_id == rungs.teams["Development"].id


def test_the_conversation_says_where_it_went_by_itself(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l3")
    for _ in range(3):
        rungs.sweep(hours=1)
    events = [each.text for each in rungs.ticket.messages if each.kind is MessageKind.EVENT and "answered" in each.text]
    assert events == [
        "Nobody answered at “Development”: it went on to “Ledgerline”.",
        "Nobody answered at “Ledgerline” and nobody is left to ask: it waits, and all of them were told.",
    ]


def test_the_nearest_cover_is_told_of_where_nobody_is_there(rungs: Ladder) -> None:
    rungs.ask(Priority.P1)
    rungs.hand("l2")
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.get_one(Agent, rungs.people["Cid"].id).active = False
    rungs.sweep(minutes=15)
    rungs.sweep(minutes=15)
    assert rungs.step.node == "vendor"
    told = rungs.ticket.messages
    assert any("Nobody is on duty at “Development”. “Ledgerline” is the nearest cover." in each.text for each in told)


def test_a_day_asleep_loses_and_doubles_no_attempt(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    rungs.sweep(days=1)
    assert [each.outcome.value for step in rungs.steps for each in step.attempts if each.who != "Mia"] == [
        "no_answer",
        "pending",
    ]
    assert rungs.sweep() == 0


def test_where_the_way_ends_it_waits_and_all_know(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l3")
    rungs.sweep(minutes=15)
    assert rungs.step.node == "vendor"
    rungs.sweep(hours=1)
    assert (rungs.step.state, rungs.step.note) == (HandoffState.UNANSWERED, "told_all")
    before = rungs.steps
    rungs.sweep(days=3)
    assert rungs.steps == before


def test_who_declines_says_why_and_the_next_is_asked(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    with pytest.raises(KnownError, match=r"escalation\.no_reason"):
        replying.decline(rungs.desk.database, rungs.actor("Ann"), rungs.step.id, " ")
    replying.decline(rungs.desk.database, rungs.actor("Ann"), rungs.step.id, "At the dentist")
    assert rungs.asked() == [("Ann", "declined"), ("Bob", "pending")]
    assert rungs.attempts[0].reason == "At the dentist"


def test_what_is_given_back_lies_with_who_handed_it_on(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    replying.give_back(rungs.desk.database, rungs.actor("Ann"), rungs.step.id, "The log is missing")
    assert [each.state for each in rungs.steps] == [HandoffState.RETURNED, HandoffState.ACCEPTED]
    assert (rungs.step.kind, rungs.step.node, rungs.step.reason) == (HandoffKind.RETURN, "l1", "The log is missing")
    assert rungs.ticket.assignee_id == rungs.desk.agent.id


def test_two_do_not_accept_the_same(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    replying.accept(rungs.desk.database, rungs.actor("Bob"), rungs.step.id)
    with pytest.raises(Conflict, match=r"escalation\.taken") as refused:
        replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    assert refused.value.facts["by"] == "Bob"


def test_who_was_not_asked_and_is_of_another_team_cannot_accept(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    with pytest.raises(KnownError, match=r"not_allowed\.answer_handoff"):
        replying.accept(rungs.desk.database, rungs.actor("Cid"), rungs.step.id)


def test_giving_the_ticket_elsewhere_cancels_whoever_was_asked(rungs: Ladder) -> None:
    ticket = rungs.ask()
    rungs.hand()
    editing.set_team(rungs.desk.database, SYSTEM, Stale(ticket), rungs.teams["Development"].id)
    assert (rungs.step.state, rungs.asked()) == (HandoffState.CANCELLED, [("Ann", "cancelled")])
    assert rungs.sweep(hours=1) <= 1  # its first response may be due
    assert rungs.asked() == [("Ann", "cancelled")]


def test_who_takes_the_ticket_has_accepted_it(rungs: Ladder) -> None:
    ticket = rungs.ask()
    rungs.hand()
    editing.assign(rungs.desk.database, rungs.actor("Bob"), Stale(ticket), rungs.people["Bob"].id)
    assert (rungs.step.state, rungs.step.accepted_by) == (HandoffState.ACCEPTED, "Bob")


def test_a_solved_ticket_waits_for_nobody(rungs: Ladder) -> None:
    ticket = rungs.ask()
    rungs.hand()
    editing.set_status(rungs.desk.database, SYSTEM, Stale(ticket), Status.SOLVED)
    assert rungs.step.state is HandoffState.CANCELLED


def test_a_manager_hears_of_a_p1_at_once_and_once(rungs: Ladder) -> None:
    rungs.ask(Priority.P1)
    rungs.hand()
    rungs.sweep()
    rungs.sweep()
    assert rungs.asked() == [("Ann", "pending"), ("Mia", "told")]


def test_a_manager_hears_of_what_lies_too_long(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    rungs.sweep(hours=3)
    assert rungs.asked() == [("Ann", "accepted")]
    rungs.sweep(hours=1)
    assert rungs.asked() == [("Ann", "accepted"), ("Mia", "told")]


def test_each_level_has_its_own_clocks(rungs: Ladder) -> None:
    ticket = rungs.ask()
    start = rungs.desk.clock.now()
    rungs.hand()
    rungs.desk.clock.forward(minutes=10)
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    found = {each.kind: each for each in clocks.clocks(rungs.desk.database, ticket)}
    accepted, resolving = found[ClockKind.ACCEPT], found[ClockKind.RESOLVE]
    assert (accepted.state, accepted.reason) == (ClockState.STOPPED, ClockReason.ACCEPTED)
    assert accepted.stopped_at == rungs.desk.clock.now()
    assert (resolving.state, resolving.started_at) == (ClockState.RUNNING, start)
    rungs.hand("l3", by=rungs.actor("Ann"))
    found = {each.kind: each for each in clocks.clocks(rungs.desk.database, ticket)}
    assert found[ClockKind.RESOLVE].reason is ClockReason.HANDED_ON


def test_the_vendor_gets_the_packet_and_their_answer_joins_the_ticket(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("vendor")
    assert rungs.ticket.row.status is Status.WAITING_VENDOR
    rungs.desk.round()
    sent = [each for each in rungs.desk.channel.sent if "help@vendor.example" in each.recipients]
    assert len(sent) == 1
    rungs.desk.clock.forward(minutes=5)
    answer = eml("Re: VPN is slow [#1]", sender="help@vendor.example", mail_id="v@vendor.example")
    rungs.desk.receive(answer)
    assert (rungs.desk.numbers(), rungs.step.state) == ([1], HandoffState.ACCEPTED)


def test_handing_on_is_taken_back_as_long_as_nobody_accepted(rungs: Ladder) -> None:
    rungs.ask()
    before = rungs.ticket
    undo = rungs.hand()
    mending.undo(rungs.desk.database, rungs.desk.agent, undo)
    after = rungs.ticket
    assert (after.team_id, after.assignee_id, after.row.level) == (before.team_id, before.assignee_id, before.row.level)
    assert rungs.step.state is HandoffState.CANCELLED


def test_a_step_that_was_accepted_is_not_taken_back(rungs: Ladder) -> None:
    rungs.ask()
    undo = rungs.hand()
    replying.accept(rungs.desk.database, rungs.actor("Ann"), rungs.step.id)
    with pytest.raises(Conflict, match=r"ticket\.changed_since"):
        mending.undo(rungs.desk.database, rungs.desk.agent, undo)


def test_what_was_written_before_is_kept_in_the_next_packet_and_nothing_of_it_twice(rungs: Ladder) -> None:
    ticket = rungs.ask()
    rungs.hand()
    rungs.desk.clock.forward(minutes=5)
    answering.note(rungs.desk.database, rungs.actor("Ann"), ticket, NewNote("Emptied the queue."))
    found = packet.prefill(rungs.desk.database, ticket)
    assert found.tried == "Restarted the client.\n- Ann: Emptied the queue."
    assert (found.happening, found.hypothesis) == (PACKET.happening, PACKET.hypothesis)


def test_the_packet_is_filled_from_the_ticket(rungs: Ladder) -> None:
    ticket = rungs.ask()
    found = packet.prefill(rungs.desk.database, ticket)
    assert found.happening.startswith("VPN is slow")
    assert "Anna" in found.customer


def test_a_step_that_was_offered_before_is_offered_again_when_handing_on_is_taken_back(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand()
    undo = rungs.hand("l3")
    assert rungs.asked(0) == [("Ann", "cancelled")]
    mending.undo(rungs.desk.database, rungs.desk.agent, undo)
    assert [each.state for each in rungs.steps] == [HandoffState.OFFERED, HandoffState.CANCELLED]
    assert rungs.asked(0) == [("Ann", "pending")]
    rungs.sweep(minutes=15)
    assert rungs.asked(0) == [("Ann", "no_answer"), ("Bob", "pending")]


def test_who_leads_is_asked_where_a_ticket_is_handed_to_them(rungs: Ladder) -> None:
    rungs.ask()
    editing.assign(rungs.desk.database, rungs.desk.agent, Stale(rungs.ticket.row.id), rungs.desk.agent.id)
    rungs.hand("boss")
    assert rungs.step.state is HandoffState.OFFERED
    replying.accept(rungs.desk.database, rungs.actor("Mia"), rungs.step.id)
    assert rungs.step.accepted_by == "Mia"
    assert rungs.ticket.assignee_id == rungs.people["Mia"].id
