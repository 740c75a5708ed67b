"""The first run by keyboard: each way through it, and that nothing is written before its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.clock import SystemClock
from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Agent, Role
from app.services import staff
from app.services.database import open_database
from app.services.joining import is_fresh
from app.services.secrets import Secrets
from app.services.settings import Profile
from app.views.first_run.control import FirstRunControl
from app.views.first_run.sign_in import SignIn
from app.views.first_run.steps import Step, Way, steps
from app.views.first_run.wizard import FirstRun, Outcome
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from tests.views.conftest import until


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def wizard(profile: Profile, runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> Iterator[FirstRun]:
    made = FirstRun(FirstRunControl(profile, Secrets({}), SystemClock(), runner), appearance)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def choose(wizard: FirstRun, way: Way, qtbot: QtBot) -> None:
    """By the arrow keys, then Enter."""
    while not wizard.way.buttons[way].isChecked():
        qtbot.keyClick(wizard.way.buttons[wizard.way.way], Qt.Key.Key_Down)
    qtbot.keyClick(wizard, Qt.Key.Key_Return)


def enter_server(wizard: FirstRun, qtbot: QtBot, host: str, port: str, name: str, user: str) -> None:
    for field, words in (("host", host), ("port", port), ("name", name), ("user", user)):
        entry = wizard.server.form.entry(field)
        qtbot.keyClick(entry, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(entry, words)
    qtbot.keyClick(wizard, Qt.Key.Key_Return)


def enter_person(wizard: FirstRun, qtbot: QtBot, name: str, mail: str) -> None:
    qtbot.keyClicks(wizard.person.new.entry("name"), name)
    qtbot.keyClicks(wizard.person.new.entry("mail"), mail)
    qtbot.keyClick(wizard, Qt.Key.Key_Return)


def test_enter_looks_around_and_writes_nothing(wizard: FirstRun, profile: Profile, qtbot: QtBot) -> None:
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    assert wizard.outcome is Outcome.DEMO
    assert not profile.folder.exists()


def test_a_desk_on_this_computer_is_made_by_keyboard(wizard: FirstRun, profile: Profile, qtbot: QtBot) -> None:
    choose(wizard, Way.HERE, qtbot)
    enter_person(wizard, qtbot, "Lena Vogt", "lena@desk.example")
    assert wizard.step is Step.MAILBOX
    assert not profile.folder.exists()
    qtbot.keyClick(wizard.skip, Qt.Key.Key_Space)
    until(qtbot, lambda: wizard.outcome is Outcome.DECIDED)
    database = open_database(str(profile.database), SystemClock())
    assert [each.name for each in staff.agents(database)] == ["Lena Vogt"]
    database.close()


def test_escape_leaves_nothing_behind(wizard: FirstRun, profile: Profile, qtbot: QtBot) -> None:
    choose(wizard, Way.HERE, qtbot)
    enter_person(wizard, qtbot, "Lena Vogt", "lena@desk.example")
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.outcome is None
    assert is_fresh(profile, {})
    assert not profile.folder.exists()


def test_back_keeps_what_was_typed_and_a_bad_address_stays(wizard: FirstRun, qtbot: QtBot) -> None:
    choose(wizard, Way.HERE, qtbot)
    enter_person(wizard, qtbot, "Lena", "lena")
    assert wizard.step is Step.PERSON
    assert wizard.person.new.problem("mail") == "This is not a mail address."
    qtbot.keyClick(wizard.back, Qt.Key.Key_Space)
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    assert wizard.person.new.entered() == {"name": "Lena", "mail": "lena"}


def test_a_closed_port_is_told_and_the_server_is_asked_again(wizard: FirstRun, qtbot: QtBot) -> None:
    choose(wizard, Way.SHARED, qtbot)
    enter_server(wizard, qtbot, "127.0.0.1", "1", "desk", "lena")
    until(qtbot, lambda: "no database answers on that port" in wizard.server.findings.words)
    assert wizard.step is Step.SERVER
    assert wizard.next.isEnabled()


def test_a_shared_desk_is_joined_as_one_of_its_staff(
    wizard: FirstRun, profile: Profile, postgres_url: str, qtbot: QtBot
) -> None:
    database = open_database(postgres_url, SystemClock())
    staff.add_agent(database, staff.system_actor(), "Aiko", "aiko@desk.example", Role.AGENT)
    database.close()
    head, _, folder = postgres_url.partition("?host=")
    choose(wizard, Way.SHARED, qtbot)
    enter_server(wizard, qtbot, folder, "5432", head.rpartition("/")[2], "postgres")
    until(qtbot, lambda: wizard.step is Step.PERSON)
    assert wizard.next.text() == "Finish"
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    until(qtbot, lambda: wizard.outcome is Outcome.DECIDED)
    assert 'agent = "aiko@desk.example"' in profile.settings_file.read_text(encoding="utf-8")


def test_only_an_administrator_is_asked_for_a_mailbox() -> None:
    agent = Agent(new_id(), "A", "a@b", Role.AGENT, active=True, teams=())
    assert Step.MAILBOX not in steps(Way.SHARED, agent)
    assert steps(Way.SHARED, None)[-1] is Step.MAILBOX
    assert steps(Way.LOOK, None) == (Step.WAY,)


def test_whoever_is_unknown_chooses_who_they_are(appearance: Appearance, qtbot: QtBot) -> None:
    people = [
        Agent(new_id(), name, f"{name}@desk.example", Role.AGENT, active, ())
        for name, active in (("aiko", True), ("gone", False), ("lena", True))
    ]
    dialog = SignIn(KnownError("staff.unknown", mail="lou@desk.example"), people, appearance)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.list.count() == 2
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.chosen is people[2]
