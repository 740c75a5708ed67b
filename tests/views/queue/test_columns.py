"""What a line of the queue says, without a widget."""

from datetime import timedelta

from app.models.records.tickets import Priority, Status
from app.views.queue.columns import full, queue_line, spoken
from tests.views.messages import AT, a_row

NOW = AT + timedelta(hours=3)


def test_a_line_tells_who_asks_who_works_on_it_and_what_about() -> None:
    line = queue_line(a_row(assignee="Lena Vogt", application="Portal"), NOW)
    assert line.detail == "#7  ·  Anna Björn → Lena Vogt  ·  Portal"
    assert (line.age, line.priority, line.status) == ("3 h", "P3", "Open")


def test_a_line_without_subject_and_requester_says_so() -> None:
    line = queue_line(a_row(subject="", requester="", application=None), NOW)
    assert line.subject == "(no subject)"
    assert line.detail == "#7  ·  Unknown requester"


def test_what_is_urgent_and_what_is_new_stands_out() -> None:
    urgent = queue_line(a_row(priority=Priority.P1, status=Status.NEW, unread=2), NOW)
    calm = queue_line(a_row(priority=Priority.P4, status=Status.CLOSED), NOW)
    assert (urgent.priority_tint, urgent.status_tint, urgent.unread) == ("danger", "info", True)
    assert (calm.priority_tint, calm.status_tint, calm.unread) == ("muted", "muted", False)


def test_a_line_is_spoken_whole() -> None:
    told = spoken(a_row(unread=2, application="Portal"))
    assert told == "#7, Printer, P3, Open, Anna Björn, unassigned, 2 unread, Portal"


def test_all_that_is_known_can_be_read_in_the_hint() -> None:
    told = full(a_row(application="Portal"), NOW)
    lines = told.splitlines()
    assert lines[:-1] == [
        "#7  Printer",
        "Requester: Anna Björn",
        "Application: Portal",
        "Team: Service Desk  (L1)",
        "Assignee: unassigned",
        "Priority: P3  Normal",
        "Status: Open",
        "Channel: mail",
    ]
    assert lines[-1].startswith("Updated: ")
