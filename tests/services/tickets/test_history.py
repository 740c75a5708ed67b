"""A ticket's history is all that was done to it, with names for what the audit points to."""

from app.models.records.tickets import Priority, Status
from app.services.tickets import editing, mending
from app.services.tickets.editing import Stale
from app.services.tickets.history import history
from tests.fixtures.rounds import MailDesk, eml


def test_everything_is_there_the_newest_first_with_names(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    database, agent, ticket = mail_desk.database, mail_desk.agent, Stale(mail_desk.ticket(1).row.id)
    editing.assign(database, agent, ticket, agent.id)
    undo = editing.set_priority(database, agent, ticket, Priority.P1)
    mending.undo(database, agent, undo)
    editing.set_tags(database, agent, ticket, add=["vpn"])
    editing.set_status(database, agent, ticket, Status.SOLVED)
    told = history(database, ticket.ticket_id)
    assert [each.action for each in told] == [
        "ticket.changed", "ticket.changed", "undone", "ticket.changed", "ticket.changed", "ticket.opened",
    ]  # fmt: skip
    assert {each.actor for each in told[:-1]} == {"Lena Vogt"}
    assert {each.desk for each in told[:-1]} == {"desk-1"}
    assert told[4].after["assignee_id"] == "Lena Vogt"
    assert told[4].before["assignee_id"] == ""
    assert (told[1].before, told[1].after) == ({"tags": []}, {"tags": ["vpn"]})


def test_history_of_one_ticket_is_not_anothers(mail_desk: MailDesk) -> None:
    for number in (1, 2):
        mail_desk.receive(eml(mail_id=f"{number}@acme.example"))
    assert len(history(mail_desk.database, mail_desk.ticket(2).row.id)) == 1
