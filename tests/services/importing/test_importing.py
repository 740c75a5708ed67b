"""Tickets of other products come over once, with their times, people and conversations; a dry run tells all before."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.main import main
from app.models.errors import KnownError
from app.models.records.desk import Level, Role
from app.models.records.queue import QueueFilter
from app.models.records.tickets import MessageKind, Priority, Status
from app.services import staff
from app.services.database import Database
from app.services.importing import Mapping, bring, propose, read_mapping, read_source
from app.services.tickets import queue, reading
from tests.fixtures.databases import SYSTEM, add_team

UTC_ZONE = ZoneInfo("UTC")
TICKET = {
    "id": 7, "number": "22007", "title": "VPN is slow", "state": "pending reminder", "priority": "3 high",
    "group": "Users", "owner": "lena@desk.example", "customer_id": 3, "created_at": "2024-05-01T08:00:00.000Z",
    "updated_at": "2024-05-02T09:30:00.000Z", "close_at": None, "tags": ["vpn", "!!"],
}  # fmt: skip
ARTICLES = [
    {"id": 1, "ticket_id": 7, "sender": "Customer", "internal": False, "from": "Anna <anna@acme.example>",
     "subject": "VPN", "body": "<p>Slow <script>alert(1)</script>since <b>Monday</b></p>", "content_type": "text/html",
     "created_at": "2024-05-01T08:00:00.000Z"},
    {"id": 2, "ticket_id": 7, "sender": "Agent", "internal": True, "from": "Lena", "subject": "", "body": "Look at it",
     "content_type": "text/plain", "created_at": "2024-05-01T09:00:00.000Z"},
]  # fmt: skip
USERS = [{"id": 3, "firstname": "Anna", "lastname": "Bj\u00f6rn", "email": "anna@acme.example"}]


def zammad(folder: Path, tickets: object = None, articles: object = None) -> Path:
    for name, told in (("tickets", tickets or [TICKET]), ("articles", articles or ARTICLES), ("users", USERS)):
        (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.fixture
def desk(database: Database) -> Database:
    team = add_team(database, "Service Desk", Level.L1)
    staff.add_agent(database, SYSTEM, "Lena", "lena@desk.example", Role.AGENT, [team.id])
    return database


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    path = tmp_path / "mapping.toml"
    path.write_text(
        'zone = "Europe/Berlin"\n[status]\n"pending reminder" = "waiting_customer"\n'
        'Open = "open"\nResolved = "solved"\n'
        '[priority]\n"3 high" = 2\n[team]\nUsers = "Service Desk"\nSupport = ""\n'
        '[agent]\n"lena@desk.example" = "lena@desk.example"\n[columns]\nid = "Ticket"\nopened = "Created"\n'
        'subject = "Subject"\nstatus = "Status"\ntext = "Text"\naddress = "From"\nteam = "Team"\n'
    )
    return read_mapping(path)


def test_a_ticket_of_zammad_comes_with_its_people_times_and_words(
    desk: Database, mapping: Mapping, tmp_path: Path
) -> None:
    read = read_source("zammad", zammad(tmp_path), UTC_ZONE, {})
    told = bring(desk, SYSTEM, "zammad", read, mapping, dry=False)
    assert (told.tickets, told.messages, told.unread, told.unmapped) == (1, 2, [], {})
    ticket = reading.show(desk, next(iter(queue.ids(desk, QueueFilter(open=None)))))
    assert (ticket.row.status, ticket.row.priority) == (Status.WAITING_CUSTOMER, Priority.P2)
    assert (ticket.row.team, ticket.row.assignee, ticket.row.requester) == ("Service Desk", "Lena", "Anna Bj\u00f6rn")
    assert ticket.row.opened_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert set(ticket.tags) == {"vpn", "zammad-22007"}
    asked, noted = ticket.messages
    assert (asked.kind, noted.kind) == (MessageKind.MAIL_IN, MessageKind.NOTE)
    assert "script" not in (asked.html or "")
    assert asked.text.split() == ["Slow", "since", "Monday"]


def test_what_is_here_already_is_not_brought_again(desk: Database, mapping: Mapping, tmp_path: Path) -> None:
    read = read_source("zammad", zammad(tmp_path), UTC_ZONE, {})
    bring(desk, SYSTEM, "zammad", read, mapping, dry=False)
    more = read_source("zammad", zammad(tmp_path, [TICKET, TICKET | {"id": 8, "number": "22008"}]), UTC_ZONE, {})
    told = bring(desk, SYSTEM, "zammad", more, mapping, dry=False)
    assert (told.tickets, told.here) == (1, 1)
    assert len(queue.ids(desk, QueueFilter(open=None))) == 2


def test_a_dry_run_tells_all_and_writes_nothing(desk: Database, tmp_path: Path) -> None:
    broken = [TICKET, {"id": 9}, TICKET | {"id": 10, "created_at": "yesterday"}]
    lost = [*ARTICLES, ARTICLES[0] | {"id": 3, "ticket_id": 99}]
    read = read_source("zammad", zammad(tmp_path, broken, lost), UTC_ZONE, {})
    told = bring(desk, SYSTEM, "zammad", read, Mapping(), dry=True)
    assert [(each.where, each.reason) for each in told.unread] == [
        ("tickets.json 2", "importing.missing"),
        ("tickets.json 3", "importing.bad_value"),
        ("articles.json 3", "importing.missing"),
    ]
    assert {group: dict(words) for group, words in told.unmapped.items()} == {
        "status": {"pending reminder": 1},
        "priority": {"3 high": 1},
        "team": {"Users": 1},
        "agent": {"lena@desk.example": 1},
    }
    assert len(queue.ids(desk, QueueFilter(open=None))) == 0
    with pytest.raises(KnownError, match=r"importing\.unmapped"):
        bring(desk, SYSTEM, "zammad", read, Mapping(), dry=False)
    assert len(queue.ids(desk, QueueFilter(open=None))) == 0


def test_a_proposed_mapping_is_one_that_works(desk: Database, tmp_path: Path) -> None:
    read = read_source("zammad", zammad(tmp_path), UTC_ZONE, {})
    (tmp_path / "proposed.toml").write_text(propose(desk, read), encoding="utf-8")
    proposed = read_mapping(tmp_path / "proposed.toml")
    assert proposed.words["status"] == {"pending reminder": "waiting_customer"}
    assert proposed.words["agent"] == {"lena@desk.example": "lena@desk.example"}
    assert bring(desk, SYSTEM, "zammad", read, proposed, dry=False).tickets == 1


OSTICKET = {
    "ost_ticket.csv": "ticket_id,number,user_id,status_id,dept_id,staff_id,created,updated,closed\n"
    "5,100005,2,3,1,4,2024-05-01 10:00:00,2024-05-02 10:00:00,2024-05-02 10:00:00\n",
    "ost_ticket__cdata.csv": "ticket_id,subject,priority\n5,Printer jams,\n",
    "ost_ticket_status.csv": "id,name,state\n3,Resolved,closed\n",
    "ost_department.csv": "id,name\n1,Support\n",
    "ost_staff.csv": "staff_id,firstname,lastname,email\n4,Lena,V,lena@desk.example\n",
    "ost_user.csv": "id,name\n2,Ben\n",
    "ost_user_email.csv": "id,user_id,address\n1,2,ben@acme.example\n",
    "ost_thread.csv": "id,object_id,object_type\n11,5,T\n12,1,A\n",
    "ost_thread_entry.csv": "id,thread_id,staff_id,user_id,type,poster,title,body,format,created\n"
    '21,11,0,2,M,Ben,Printer,"It jams,\nagain",text,2024-05-01 10:00:00\n'
    "22,11,4,0,R,Lena,,<p>Done</p>,html,2024-05-02 10:00:00\n"
    "23,12,4,0,N,Lena,,of a task,text,2024-05-02 10:00:00\n",
}


def test_the_tables_of_osticket_are_put_together(desk: Database, mapping: Mapping, tmp_path: Path) -> None:
    for name, text in OSTICKET.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    read = read_source("osticket", tmp_path, mapping.zone, {})
    told = bring(desk, SYSTEM, "osticket", read, mapping, dry=False)
    assert (told.tickets, told.messages, told.unread) == (1, 2, [])
    ticket = reading.show(desk, next(iter(queue.ids(desk, QueueFilter(open=None)))))
    assert (ticket.row.subject, ticket.row.status, ticket.row.team) == ("Printer jams", Status.SOLVED, None)
    assert ticket.row.opened_at == datetime(2024, 5, 1, 8, tzinfo=UTC)  # ten in Berlin
    assert [each.kind for each in ticket.messages] == [MessageKind.MAIL_IN, MessageKind.MAIL_OUT]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_with_a_header_is_read_by_its_own_names(
    desk: Database, mapping: Mapping, separator: str, tmp_path: Path
) -> None:
    rows = [
        ["Ticket", "Created", "Subject", "Status", "Text", "From", "Team"],
        ["A-1", "2024-05-01 10:00", "VPN", "Open", "It is slow", "anna@acme.example", "Users"],
        ["A-1", "2024-05-01 11:00", "VPN", "Open", "Still slow", "anna@acme.example", "Users"],
        ["A-2", "whenever", "x", "Open", "", "", ""],
        ["", "2024-05-01 11:00", "x", "Open", "", "", ""],
    ]
    (tmp_path / "all.csv").write_text("\n".join(separator.join(each) for each in rows), encoding="utf-8-sig")
    read = read_source("csv", tmp_path / "all.csv", mapping.zone, mapping.columns)
    told = bring(desk, SYSTEM, "csv", read, mapping, dry=False)
    assert (told.tickets, told.messages) == (1, 2)
    assert [each.where for each in told.unread] == ["all.csv 4", "all.csv 5"]


@pytest.mark.parametrize(
    ("source", "name", "content", "code"),
    [
        ("zammad", "", "", "no_file"),
        ("osticket", "", "", "no_file"),
        ("csv", "gone.csv", None, "no_file"),
        ("zammad", "users.json", "{", "not_json"),
        ("zammad", "users.json", '{"a": 1}', "not_json"),
        ("csv", "all.csv", "a,b\n1,2\n", "no_column"),
        ("csv", "all.csv", "\xff", "not_text"),
    ],
)
def test_what_is_no_export_is_told(tmp_path: Path, source: str, name: str, content: str | None, code: str) -> None:
    if name and content is not None:
        (tmp_path / name).write_bytes(content.encode("latin-1"))
    path = tmp_path / name if source == "csv" else tmp_path
    with pytest.raises(KnownError, match=rf"importing\.{code}"):
        read_source(source, path, UTC_ZONE, {})


@pytest.mark.parametrize("text", ["[status", 'zone = "Atlantis"', "status = 1", "[colour]\nred = 1"])
def test_a_bad_mapping_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "mapping.toml").write_text(text)
    with pytest.raises(KnownError, match=r"importing\.bad_mapping"):
        read_mapping(tmp_path / "mapping.toml")


def test_the_command_proposes_tries_and_brings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    proposed = str(tmp_path / "mapping.toml")
    command = ["import", "--from", "zammad", str(zammad(tmp_path))]
    assert main([*command, "--propose", proposed]) == 0
    assert main([*command, "--dry-run"]) == 1
    assert "pending reminder" in capsys.readouterr().out
    assert main([*command, "--mapping", proposed]) == 0
    assert main([*command, "--mapping", proposed]) == 0
    assert "1 were here already" in capsys.readouterr().out
    assert main([*command, "--mapping", str(tmp_path / "gone.toml")]) == 1
