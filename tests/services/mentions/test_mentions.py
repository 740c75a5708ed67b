"""Who is called for in a note hears of it until they look."""

from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.tickets import NewNote
from app.services import mentions, staff
from app.services.tickets import answering
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


def test_a_mention_waits_until_its_ticket_is_looked_at(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    database, ticket = mail_desk.database, mail_desk.ticket(1).row.id
    tom = staff.add_agent(database, SYSTEM, "Tom Abel", "tom@desk.example", Role.AGENT)
    assert mail_desk.agent.id is not None
    note = NewNote("@Tom Abel please look", mentions=(tom.id, tom.id, mail_desk.agent.id))
    answering.note(database, mail_desk.agent, ticket, note)
    (found,) = mentions.unseen(database, tom.id)
    assert (found.number, found.author, found.text) == (1, "Lena Vogt", "@Tom Abel please look")
    assert mentions.unseen(database, mail_desk.agent.id) == []  # nobody calls for themselves
    mentions.seen(database, mail_desk.agent, ticket)
    assert len(mentions.unseen(database, tom.id)) == 1
    mentions.seen(database, Actor(ActorKind.AGENT, tom.name, tom.id), ticket)
    assert mentions.unseen(database, tom.id) == []
