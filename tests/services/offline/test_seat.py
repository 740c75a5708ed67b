"""A desk opens without its database for who sat there last, and is looked at again when the database is back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app import bootstrap
from app.models.errors import DatabaseError, KnownError
from app.models.records.desk import Role
from app.models.tables import Agent, Membership
from app.services import staff
from app.services.catalogue import apply_catalogue
from app.services.database import upgrade
from app.services.desk import Desk
from app.services.offline import seat
from app.services.settings import Profile
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import CATALOGUE

LOST = DatabaseError("database.lost", detail="gone")
SETTINGS = {"FIRSTLINE_SECRET_JOURNAL": "a key", "FIRSTLINE_AGENT": "ann@desk.example"}
Open = Callable[..., Desk]


@pytest.fixture
def opened(postgres_url: str, tmp_path: Path) -> Iterator[Open]:
    """Opens the desk of the one profile; Ann has sat there."""
    desks: list[Desk] = []

    def again(url: str = postgres_url) -> Desk:
        desks.append(bootstrap.open_desk(Profile(tmp_path / "profile"), SETTINGS, url))
        return desks[-1]

    first = again()
    upgrade(first.database)
    apply_catalogue(first.database, SYSTEM, CATALOGUE)
    bootstrap.seat(first)
    seat.remember(first)
    yield again
    for each in desks:
        each.close()


def test_who_sat_there_sits_there_again_as_they_were(opened: Open) -> None:
    desk = opened()
    assert seat.sit_down_without(desk, LOST)
    there = opened()
    bootstrap.seat(there)
    assert desk.actor == there.actor
    assert (desk.is_narrowed, desk.carries_mail) == (there.is_narrowed, there.carries_mail)
    assert desk.reach.is_away
    assert not desk.is_admitted


def test_nobody_sits_at_another_database_or_for_another_reason(opened: Open, tmp_path: Path) -> None:
    assert not seat.sit_down_without(opened("postgresql://ann@127.0.0.1:9/other"), LOST)
    for code in ("database.newer", "database.foreign", "database.read_only", "database.waits"):
        assert not seat.sit_down_without(opened(), DatabaseError(code))
    assert not seat.sit_down_without(opened(f"sqlite:///{tmp_path / 'desk.db'}"), LOST)


def test_a_desk_where_nobody_sat_does_not_open(postgres_url: str, tmp_path: Path) -> None:
    desk = bootstrap.open_desk(Profile(tmp_path / "new"), SETTINGS, postgres_url)
    assert not seat.sit_down_without(desk, LOST)
    desk.close()


def test_the_password_is_not_written_down(opened: Open, tmp_path: Path) -> None:
    desk = opened("postgresql://ann:kangaroo@127.0.0.1:9/other")
    assert "kangaroo" not in seat._where(desk)


def test_the_person_is_looked_at_again(opened: Open) -> None:
    desk = opened()
    seat.sit_down_without(desk, LOST)
    desk.reach.try_now()
    seat.readmit(desk)
    assert desk.is_admitted
    assert not desk.reach.is_away


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (update(Agent).where(Agent.mail == "ann@desk.example").values(active=False), "staff.disabled"),
        (update(Agent).where(Agent.mail == "ann@desk.example").values(role=Role.SUPERVISOR.value), "offline.another"),
        (update(Agent).where(Agent.mail == "ann@desk.example").values(mail="x@desk.example"), "staff.unknown"),
        (delete(Membership), "offline.another"),
    ],
)
def test_who_may_not_any_more_is_turned_away(opened: Open, change: object, code: str) -> None:
    there = opened()
    with there.database.write(SYSTEM) as work:
        work.session.execute(change)  # type: ignore[call-overload]
    desk = opened()
    seat.sit_down_without(desk, LOST)
    desk.reach.try_now()
    with pytest.raises(KnownError) as told:
        seat.readmit(desk)
    assert told.value.code == code
    assert not desk.is_admitted
    assert staff.agents(there.database)
