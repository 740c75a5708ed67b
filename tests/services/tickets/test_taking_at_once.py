"""Two who take the same free ticket at the same moment: one gets it, the other hears who did. On both engines."""

from threading import Barrier, Thread

import pytest

from app.models.errors import Conflict, KnownError
from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.tickets import Priority
from app.services import staff
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml

ROUNDS, PEOPLE = 6, ("Anna", "Ben", "Cleo")


def colleagues(desk: MailDesk) -> list[Actor]:
    found = [staff.add_agent(desk.database, SYSTEM, name, f"{name}@desk.example", Role.AGENT) for name in PEOPLE]
    return [Actor(ActorKind.AGENT, each.name, each.id, Role.AGENT, each.name) for each in found]


def test_one_gets_it_and_the_others_are_told_by_whom(mail_desk: MailDesk) -> None:
    people = colleagues(mail_desk)
    for number in range(1, ROUNDS + 1):
        mail_desk.receive(eml(mail_id=f"{number}@acme.example"))
        ticket = mail_desk.ticket(number).row.id
        begin, got, refused = Barrier(len(people)), list[str](), list[KnownError]()

        def take(actor: Actor) -> None:
            seen = Stale(ticket, fields={"assignee_id": None})  # noqa: B023 - joined within its round
            begin.wait()  # noqa: B023
            try:
                editing.assign(mail_desk.database, actor, seen, actor.id)
                got.append(actor.name)  # noqa: B023
            except Conflict as error:
                refused.append(error)  # noqa: B023

        threads = [Thread(target=take, args=(each,)) for each in people]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(got) == 1
        assert [each.code for each in refused] == ["ticket.overtaken"] * 2
        assert {(each.facts["by"], each.facts["theirs"]) for each in refused} == {(got[0], got[0])}
        assert mail_desk.ticket(number).row.assignee == got[0]


def test_it_is_told_who_took_it_though_another_changed_something_else_since(mail_desk: MailDesk) -> None:
    anna, ben, _ = colleagues(mail_desk)
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1).row.id
    editing.assign(mail_desk.database, anna, Stale(ticket), anna.id)
    editing.set_priority(mail_desk.database, SYSTEM, Stale(ticket), Priority.P1)
    with pytest.raises(Conflict) as told:
        editing.assign(mail_desk.database, ben, Stale(ticket, fields={"assignee_id": None}), ben.id)
    assert told.value.facts["by"] == "Anna"
