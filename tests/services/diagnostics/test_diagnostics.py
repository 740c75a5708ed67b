"""A report tells what helps, and nothing that is somebody's."""

from dataclasses import replace
from pathlib import Path

import pytest

from app import __version__, bootstrap
from app.services import diagnostics, staff
from app.services.desk import Desk
from app.services.sample import SampleMailbox, fill_with_sample
from app.services.settings import Profile

PLANTED = "Zeppelin-4711"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with planted secrets: in settings, in the log, in the name of a channel's folder."""
    environment = {
        "FIRSTLINE_AGENT": "secret.person@customer.example",
        "FIRSTLINE_SECRET_DATABASE": PLANTED,
        "FIRSTLINE_SECRET_CHANNEL_X_PASSWORD": PLANTED,
    }
    opened = bootstrap.open_desk(Profile(tmp_path / "profile"), environment)
    bootstrap.make_ready(opened)
    fill_with_sample(opened.database, opened.system, tmp_path / "customer-data" / "mailbox")
    SampleMailbox(tmp_path / "customer-data" / "mailbox", opened.clock)
    opened.profile.logs.mkdir()
    (opened.profile.logs / "firstline.log").write_text(
        "2026-03-02 09:00:00 INFO app.x: calm\n"
        f"2026-03-02 09:00:01 WARNING app.x: password={PLANTED} for anna.berg@customer.example\n"
        f"2026-03-02 09:00:02 ERROR app.x: postgresql://desk:{PLANTED}@db.example/x failed\n"
        "2026-03-02 09:00:03 ERROR app.x: /srv/secret.person/mails/one.eml is broken\n",
        encoding="utf-8",
    )
    return opened


def test_it_tells_versions_database_channels_and_trouble(desk: Desk) -> None:
    told = diagnostics.report(desk)
    assert f"Firstline {__version__}" in told
    assert "database: SQLite" in told
    assert "channel 1 (folder): works" in told
    assert "agent=set, " in told
    assert "one.eml is broken" in told
    assert "calm" not in told


def test_nothing_that_is_somebodys_is_in_it(desk: Desk) -> None:
    told = diagnostics.report(desk)
    people = [each.mail for each in staff.agents(desk.database)]
    for planted in (PLANTED, "secret.person", "anna.berg", "customer.example", "customer-data", *people):
        assert planted not in told, planted


def test_a_database_that_is_away_does_not_stop_it(desk: Desk, tmp_path: Path) -> None:
    away = bootstrap.open_desk(desk.profile, {}, "postgresql://desk@127.0.0.1:1/none")
    told = diagnostics.report(replace(away, settings=desk.settings))
    assert "database: PostgreSQL, database." in told
    away.close()
    desk.close()
