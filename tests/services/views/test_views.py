"""Views under a name: one's own, and everybody's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Level, Role
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort, QueueView
from app.models.records.tickets import Priority, Status
from app.models.tables import SavedView, Team
from app.services import staff, views
from app.services.database import Database
from tests.fixtures.databases import SYSTEM, add_team

WANTED = QueueFilter(
    open=None,
    statuses=frozenset({Status.NEW, Status.OPEN}),
    priorities=frozenset({Priority.P1}),
    levels=frozenset({Level.L2, Level.VENDOR}),
    unassigned=True,
    channels=frozenset({"phone"}),
    tags=frozenset({"vpn", "month end"}),
    due_within=timedelta(hours=1),
    opened_from=datetime(2026, 1, 1, 23, tzinfo=UTC),
    words='"blank pages"',
    without=(QueueFilter(open=None, unread=True),),
)
VIEW = QueueView("", " Urgent  ones ", WANTED, builtin=False, sort=QueueSort(QueueColumn.DUE, descending=False))


@pytest.fixture
def lena(database: Database) -> Actor:
    return someone(database, "Lena")


def someone(database: Database, name: str, role: Role = Role.AGENT) -> Actor:
    agent = staff.add_agent(database, SYSTEM, name, f"{name.lower()}@desk.example", role)
    return Actor(ActorKind.AGENT, name, agent.id, role)


def test_a_view_comes_back_as_it_was_saved(database: Database, lena: Actor) -> None:
    view = replace(VIEW, columns=(QueueColumn.NUMBER, QueueColumn.SUBJECT))
    saved = views.save(database, lena, view, shared=False)
    assert saved.name == "Urgent ones"
    assert views.listed(database, lena) == [saved]
    changed = views.save(database, lena, replace(saved, name="Other", filter=QueueFilter()), shared=False)
    assert views.listed(database, lena) == [changed]


def test_ones_own_view_is_nobody_elses(database: Database, lena: Actor) -> None:
    views.save(database, lena, VIEW, shared=False)
    assert views.listed(database, someone(database, "Olaf")) == []


def test_shared_views_are_a_supervisors_to_change(database: Database, lena: Actor) -> None:
    sam = someone(database, "Sam", Role.SUPERVISOR)
    with pytest.raises(NotAllowed):
        views.save(database, lena, VIEW, shared=True)
    shared = views.save(database, sam, VIEW, shared=True)
    assert views.listed(database, lena) == [shared]
    for forbidden in (
        lambda: views.remove(database, lena, shared),
        lambda: views.save(database, lena, shared, shared=False),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    views.remove(database, sam, shared)
    views.remove(database, sam, shared)
    assert views.listed(database, lena) == []


def test_a_view_needs_a_name(database: Database, lena: Actor) -> None:
    with pytest.raises(KnownError, match=r"view\.no_name"):
        views.save(database, lena, replace(VIEW, name="  "), shared=False)


def test_what_a_view_names_and_is_gone_is_counted(database: Database, lena: Actor) -> None:
    team = add_team(database, "Gone", Level.L2)
    wanted = QueueFilter(teams=frozenset({team.id}), applications=frozenset({new_id()}))
    saved = views.save(database, lena, replace(VIEW, filter=wanted), shared=False)
    assert views.missing(database, saved) == 1
    with database.write(SYSTEM) as work:
        work.session.execute(delete(Team).where(Team.id == team.id))
    assert views.missing(database, views.listed(database, lena)[0]) == 2


def test_what_another_firstline_wrote_and_this_one_does_not_know_is_left_out(database: Database, lena: Actor) -> None:
    views.save(database, lena, VIEW, shared=False)
    told = {"colour": "red", "priorities": [1, 9], "statuses": ["new", "frozen"], "words": "x"}
    with database.write(SYSTEM) as work:
        work.session.execute(update(SavedView).values(filter=told, sort="-colour", columns=["number", "colour"]))
    (view,) = views.listed(database, lena)
    assert view.filter == QueueFilter(priorities=frozenset({Priority.P1}), statuses=frozenset({Status.NEW}), words="x")
    assert (view.sort, view.columns) == (QueueSort(), (QueueColumn.NUMBER,))
    assert views.missing(database, view) == 3


def test_nobody_changes_or_deletes_what_is_anothers_own(database: Database, lena: Actor) -> None:
    hers = views.save(database, lena, VIEW, shared=False)
    for other in (someone(database, "Olaf"), someone(database, "Sam", Role.SUPERVISOR)):
        for forbidden in (
            partial(views.remove, database, other, hers),
            partial(views.save, database, other, hers, shared=False),
        ):
            with pytest.raises(NotAllowed, match=r"not_allowed\.view"):
                forbidden()
    assert views.listed(database, lena) == [hers]


@pytest.mark.parametrize(
    "damaged",
    [
        {"teams": ["no id"]},
        {"teams": None},
        {"teams": [7]},
        {"assignees": 7},
        {"statuses": 7},
        {"statuses": [["new"]]},
        {"due_within": "soon"},
        {"due_within": 1e300},
        {"opened_from": "2026-01-01T00:00:00"},
        {"words": ["a"]},
        {"unread": "yes"},
        {"open": "yes"},
        {"without": [7]},
        {"without": [{"open": None, "colour": "red"}]},
        {"without": [{"open": None, "statuses": ["frozen"]}]},
    ],
)
def test_a_damaged_field_neither_hides_tickets_nor_other_views(
    database: Database, lena: Actor, damaged: dict[str, object]
) -> None:
    views.save(database, lena, VIEW, shared=False)
    with database.write(SYSTEM) as work:
        work.session.execute(update(SavedView).values(filter={**damaged, "channels": ["phone"]}))
    whole = views.save(database, lena, replace(VIEW, name="Whole"), shared=False)
    mended, other = views.listed(database, lena)
    assert mended.filter == QueueFilter(channels=frozenset({"phone"}))
    assert views.missing(database, mended) == 1
    assert other == whole


def test_a_view_that_was_removed_is_saved_under_its_own_id_again(database: Database, lena: Actor) -> None:
    saved = views.save(database, lena, VIEW, shared=False)
    views.remove(database, lena, saved)
    assert views.listed(database, lena) == []
    assert views.save(database, lena, saved, shared=False) == saved
    assert views.listed(database, lena) == [saved]
