"""Each with a login of their own: handing on, answering and sweeping need no more rights than people have."""

from contextlib import closing

import pytest
from sqlalchemy import make_url

from app.models.errors import KnownError, NotAllowed
from app.models.records.handoffs import HandoffKind, HandoffState, Packet
from app.models.tables import Ticket
from app.services import staff
from app.services.database import Database, open_database
from app.services.escalation import attempts, handing, incident, packet, replying, swarm, telling
from app.services.escalation.beginning import begin
from app.services.sla.sweeping import Sweep
from app.services.tickets import mending, reading
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import PASSWORD, SharedDesk

PACKET = Packet("The shop is down.")


@pytest.fixture
def shop(any_desk: SharedDesk) -> SharedDesk:
    """Ann's ticket is about the shop."""
    application = next(each.id for each in staff.applications(any_desk.owner) if each.name == "Shop")
    with any_desk.owner.write(SYSTEM) as work:
        ticket = work.session.get_one(Ticket, any_desk.tickets["mine"])
        ticket.application_id = application
    return any_desk


def test_agents_hand_on_accept_decline_and_give_back(shop: SharedDesk) -> None:
    ticket = shop.tickets["mine"]
    theirs, ann = shop.as_("ann")
    assert packet.prefill(theirs, ticket).happening
    handing.escalate(theirs, ann, ticket, "support", PACKET, _done(shop))
    [step] = telling.handoffs(theirs, ticket)
    applications, ada = shop.as_("ada")
    assert [each.id for each in telling.handed_to(applications, ada.id or ticket)] == [step.id]
    replying.accept(applications, ada, step.id)
    replying.give_back(applications, ada, step.id, "The log is missing")
    back = telling.handoffs(theirs, ticket)[-1]
    assert (back.kind, back.state, back.accepted_by) == (HandoffKind.RETURN, HandoffState.ACCEPTED, "Ann")
    assert reading.show(theirs, ticket).assignee_id == ann.id


def test_who_handed_it_on_takes_it_back(shop: SharedDesk) -> None:
    ticket = shop.tickets["mine"]
    theirs, ann = shop.as_("ann")
    undo = handing.escalate(theirs, ann, ticket, "support", PACKET, _done(shop))
    mending.undo(theirs, ann, undo)
    assert reading.show(theirs, ticket).assignee_id == ann.id


def test_who_does_not_see_a_ticket_cannot_answer_to_its_handoff(shop: SharedDesk) -> None:
    theirs, ann = shop.as_("ann")
    handing.escalate(theirs, ann, shop.tickets["mine"], "support", PACKET, _done(shop))
    [step] = telling.handoffs(theirs, shop.tickets["mine"])
    payroll, pia = shop.as_("pia")
    with pytest.raises(KnownError) as refused:
        replying.accept(payroll, pia, step.id)
    assert isinstance(refused.value, NotAllowed) or refused.value.code == "escalation.gone"
    assert telling.handoffs(theirs, shop.tickets["mine"])[-1].state is HandoffState.OFFERED


def test_the_worker_goes_on_with_what_nobody_answers(shop: SharedDesk) -> None:
    ticket = shop.tickets["mine"]
    theirs, ann = shop.as_("ann")
    handing.escalate(theirs, ann, ticket, "support", PACKET, _done(shop))
    with closing(_worker(shop)) as worker:
        for _ in range(20):
            shop.clock.forward(minutes=15)
            Sweep(worker, SYSTEM, "desk-1", (attempts.sweep,)).run()
    assert telling.handoffs(theirs, ticket)[-1].state is HandoffState.UNANSWERED


def test_the_worker_lets_tickets_stand_on_the_step_of_their_team(shop: SharedDesk) -> None:
    with closing(_worker(shop)) as worker:
        Sweep(worker, SYSTEM, "desk-1", (begin, attempts.sweep)).run()
    theirs, ann = shop.as_("ann")
    [step] = telling.handoffs(theirs, shop.tickets["mine"])
    assert (step.state, step.accepted_by, step.attempts) == (HandoffState.ACCEPTED, "Ann", ())
    handing.escalate(theirs, ann, shop.tickets["mine"], "support", PACKET, _done(shop))
    assert telling.handoffs(theirs, shop.tickets["mine"])[0].state is HandoffState.ENDED


def test_agents_swarm_and_declare_incidents(shop: SharedDesk) -> None:
    ticket = shop.tickets["mine"]
    theirs, ann = shop.as_("ann")
    swarm.pull_in(theirs, ann, ticket, shop.agent("bob").id, "SQL")
    assert [each.name for each in swarm.members(theirs, ticket)] == ["Bob"]
    incident.declare(theirs, ann, ticket)
    assert incident.add(theirs, ann, ticket, [shop.tickets["team"]]) != ()


def _worker(desk: SharedDesk) -> Database:
    """The database as the program without a person sees it."""
    url = make_url(desk.url)
    if desk.by_login:
        url = url.set(username=desk.login("worker"), password=PASSWORD)
    return open_database(url.render_as_string(hide_password=False), desk.clock)


def _done(desk: SharedDesk) -> tuple[str, ...]:
    """Everything that any step of the tree asks for."""
    application = next(each.id for each in staff.applications(desk.owner) if each.name == "Shop")
    tree, _ = store.of_application(desk.owner, application)
    return tuple(each for node in tree.nodes for each in node.prerequisites)
