"""What is restricted leaks nowhere: not as a row, not as a count, not by a search, not by what hangs on it."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.models.errors import KnownError
from app.models.records.queue import QueueFilter
from app.models.records.tickets import NewNote, Status
from app.services import mentions, notifying, search, staff
from app.services.database import Database
from app.services.database.changes import ChangeFeed
from app.services.staff.load import load
from app.services.tickets import answering, editing, mending, queue, reading
from app.services.tickets.editing import Stale
from tests.fixtures.people import SharedDesk

ALL = QueueFilter(open=None)


def found(database: Database, wanted: QueueFilter) -> set[UUID]:
    return set(queue.ids(database, wanted))


def names_of(desk: SharedDesk, tickets: set[UUID]) -> set[str]:
    return {name for name, each in desk.tickets.items() if each in tickets}


@pytest.mark.parametrize(("who", "sees"), [("ann", False), ("sue", False), ("pia", True), ("tom", True)])
def test_a_restricted_ticket_is_its_teams_and_the_administrators(any_desk: SharedDesk, who: str, sees: bool) -> None:
    database, _ = any_desk.as_(who)
    assert ("hidden" in names_of(any_desk, found(database, ALL))) is sees
    assert ("hidden" in names_of(any_desk, found(database, search.filter_for(database, None, "zebra")))) is sees


def test_no_list_count_or_search_tells_of_it(any_desk: SharedDesk) -> None:
    database, actor = any_desk.as_("ann")
    for typed in ("zebra", "hidden", "-nothing", "5", "#5", "app:salaries", "team:payroll", "@pia", "wages"):
        try:
            wanted = search.filter_for(database, actor, typed)
        except KnownError:
            continue
        assert "hidden" not in names_of(any_desk, found(database, wanted)), typed
    views = queue.builtin_views(actor.id, actor.teams)
    assert max(queue.counts(database, views).values()) == 4
    assert len(queue.page(database, ALL, 50)) == 4
    assert queue.rows(database, [any_desk.tickets["hidden"]]) == []
    pia = any_desk.agent("pia").id
    told = load(database).agents.get(pia)
    assert told is None or told.open == 0


def test_nothing_that_hangs_on_it_can_be_read(any_desk: SharedDesk) -> None:
    hidden = any_desk.tickets["hidden"]
    database, actor = any_desk.as_("ann")
    with pytest.raises(KnownError, match=r"ticket\.(gone|unknown)"):
        reading.show(database, hidden)
    with pytest.raises(KnownError, match=r"ticket\."):
        reading.id_of(database, 5)
    since = database.clock.now() - timedelta(days=1)
    assert notifying.news(database, actor, [hidden], since) == []
    pia_database, pia = any_desk.as_("pia")
    ann = any_desk.agent("ann").id
    answering.note(pia_database, pia, hidden, NewNote("Ann, look", None, (), (ann,)))
    assert mentions.unseen(database, ann) == []


def test_other_desks_do_not_hear_of_its_changes(any_desk: SharedDesk) -> None:
    hidden, free = any_desk.tickets["hidden"], any_desk.tickets["free"]
    (ann, _), (pia_database, pia) = any_desk.as_("ann"), any_desk.as_("pia")
    feed = ChangeFeed(ann)
    feed.read()
    for each in (hidden, free):
        editing.set_status(pia_database, pia, Stale(each), Status.SOLVED)
    assert {each.ticket_id for each in feed.read()} == {free}


def test_it_cannot_be_changed_linked_or_merged_with(any_desk: SharedDesk) -> None:
    hidden, mine = any_desk.tickets["hidden"], any_desk.tickets["mine"]
    database, actor = any_desk.as_("ann")
    with pytest.raises(KnownError, match=r"ticket\.gone"):
        editing.assign(database, actor, Stale(hidden), actor.id)
    with pytest.raises(KnownError, match=r"ticket\.gone"):
        mending.merge(database, actor, mine, hidden)
    with pytest.raises(KnownError, match=r"ticket\.gone"):
        mending.merge(database, actor, hidden, mine)


def test_who_hands_it_to_another_team_sees_it_until_somebody_else_hands_it_on(any_desk: SharedDesk) -> None:
    hidden = any_desk.tickets["hidden"]
    pia_database, pia = any_desk.as_("pia")
    desk = next(each.id for each in staff.teams(any_desk.owner) if each.name == "Service Desk")
    undo = editing.set_team(pia_database, pia, Stale(hidden), desk)
    ann_database, _ = any_desk.as_("ann")
    assert reading.show(ann_database, hidden).row.number == 5
    mending.undo(pia_database, pia, undo)
    with pytest.raises(KnownError, match=r"ticket\."):
        reading.show(ann_database, hidden)


def test_a_ticket_is_not_given_to_an_application_that_would_hide_it_from_its_giver(any_desk: SharedDesk) -> None:
    database, actor = any_desk.as_("ann")
    salaries = next(each.id for each in staff.applications(database) if each.name == "Salaries")
    with pytest.raises(KnownError, match=r"ticket\.would_be_hidden"):
        editing.set_application(database, actor, Stale(any_desk.tickets["free"]), salaries)
    editing.set_application(database, actor, Stale(any_desk.tickets["mine"]), salaries)
    assert reading.show(database, any_desk.tickets["mine"]).row.application == "Salaries"


def test_new_numbers_go_on_behind_those_that_are_not_seen(any_desk: SharedDesk) -> None:
    database, actor = any_desk.as_("ann")
    messages = [each.id for each in reading.show(database, any_desk.tickets["mine"]).messages]
    new, _ = mending.split(database, actor, messages[:1])
    assert reading.show(database, new).row.number == 6
