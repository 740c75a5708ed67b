"""From what was typed to the tickets that are meant, on both engines."""

from datetime import timedelta

import pytest

from app.models.errors import KnownError
from app.models.records.desk import Level
from app.models.records.tickets import Priority, Status
from app.services import search
from app.services.search import filter_for
from app.services.tickets import editing, queue
from app.services.tickets.editing import Stale
from tests.fixtures.databases import add_team
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    """1 Anna's, Lena has it, tagged vpn; 2 Bob's, urgent, at L2; 3 Cleo's, solved; a day between them."""
    for number, who in enumerate(("Anna", "Bob", "Cleo"), start=1):
        mail_desk.receive(
            eml(f"Printer {number}", sender=f"{who} <{who}@acme.example>", mail_id=f"m{number}@x.example")
        )
        mail_desk.clock.forward(hours=24)
    database, agent = mail_desk.database, mail_desk.agent
    one, two, three = (Stale(mail_desk.ticket(number).row.id) for number in (1, 2, 3))
    editing.assign(database, agent, one, agent.id)
    editing.set_tags(database, agent, one, add=["vpn"])
    editing.set_priority(database, agent, two, Priority.P1)
    editing.set_team(database, agent, two, add_team(database, "Infrastructure", Level.L2).id)
    editing.set_status(database, agent, three, Status.SOLVED)
    return mail_desk


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("printer", {1, 2, 3}),
        ("from:ann", {1}),
        ("from:bob@ac from:cleo", {2, 3}),
        ("team:infra", {2}),
        ("assignee:me", {1}),
        ("assignee:lena", {1}),
        ("assignee:none", {2, 3}),
        ("bearbeiter:niemand ist:offen", {2}),
        ("level:2", {2}),
        ("level:l1 printer", {1, 3}),
        ("p1", {2}),
        ("priority:3", {1, 3}),
        ("status:solved", {3}),
        ("status:ne", {1, 2}),
        ("is:done", {3}),
        ("is:open -is:mine", {2}),
        ("is:unread", {1, 2, 3}),
        ("is:late", {1, 2}),
        ("tag:vpn", {1}),
        ("-tag:vpn", {2, 3}),
        ("channel:phone", set()),
        ("has:attachment", set()),
        ("opened:30h", {3}),
        ("opened:2d", {2, 3}),
        ("due:late", {1, 2}),
        ("#2", {2}),
        ("-zeppelin", {1, 2, 3}),
        ("-cleo is:open", {1, 2}),
        ("-bob is:open", {1}),
        ('-1 -"printer 2"', {3}),
        ("-p1 is:open", {1}),
        ("team:Ínfra", {2}),
        ("opened:2026-03-03", {2}),
        ("opened:>2026-03-02", {2, 3}),
        ("opened:>=2026-03-03", {2, 3}),
        ("opened:<3.3.2026", {1}),
        ("opened:<=2026-03-03", {1, 2}),
        ("-opened:2026-03-03", {1, 3}),
        ("from:anna zeppelin", set()),
    ],
)
def test_operators_find_what_they_say(desk: MailDesk, typed: str, numbers: set[int]) -> None:
    wanted = filter_for(desk.database, desk.agent, typed)
    found = queue.rows(desk.database, queue.ids(desk.database, wanted))
    assert {each.number for each in found} == numbers


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("from:zorro", "search.nobody"),
        ("team:zorro", "search.unknown_value"),
        ("level:9", "search.unknown_value"),
        ("is:blue", "search.unknown_value"),
        ("opened:soon", "search.unknown_value"),
        ("opened:>2026-13-40", "search.unknown_value"),
        ("opened:>9999-12-31", "search.unknown_value"),
        ("colour:red", "search.unknown_operator"),
        ("tag:!!", "tag.bad_name"),
    ],
)
def test_what_cannot_be_meant_is_told(desk: MailDesk, typed: str, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        filter_for(desk.database, desk.agent, typed)
    assert refused.value.code == code


def test_due_today_is_until_midnight_here(desk: MailDesk) -> None:
    wanted = filter_for(desk.database, desk.agent, "due:today")
    assert wanted.due_within is not None
    assert timedelta(0) < wanted.due_within <= timedelta(hours=25)


def test_a_name_that_too_many_have_is_told_rather_than_cut_short(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_MOST_PEOPLE", 2)
    with pytest.raises(KnownError, match=r"search\.too_many_people"):
        filter_for(desk.database, desk.agent, "from:acme")
