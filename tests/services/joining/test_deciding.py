"""Carrying a plan out: all of it, or nothing where it is refused."""

import tomllib
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import PasswordDeleteError

from app.models.clock import SystemClock
from app.models.errors import KnownError
from app.models.records.desk import Role
from app.services import accounts, staff
from app.services.database import open_database
from app.services.joining import Fitness, Found, Plan, decide, is_fresh, remember_database
from app.services.secrets import Secrets
from app.services.settings import Profile


class Remembering(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop(username, None) is None:
            raise PasswordDeleteError("not found")


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    made = Remembering()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


def settings_of(profile: Profile) -> dict[str, object]:
    return tomllib.loads(profile.settings_file.read_text(encoding="utf-8"))


def test_an_embedded_desk_gets_its_person_and_its_mailbox(profile: Profile, ring: Remembering, tmp_path: Path) -> None:
    config = {"path": str(tmp_path), "address": "support@desk.example"}
    mailbox = accounts.new_account("in", "folder", "support@desk.example", config)
    plan = Plan("Lena@desk.example", "Lena Vogt", mailbox=mailbox, mailbox_secrets={"password": "word"})
    assert is_fresh(profile, {})
    decide(profile, Secrets({}), SystemClock(), plan)
    assert not is_fresh(profile, {})
    assert settings_of(profile) == {"database": "", "agent": "lena@desk.example"}
    assert ring.kept == {"channel/in/password": "word"}
    database = open_database(str(profile.database), SystemClock())
    assert [(each.name, each.role) for each in staff.agents(database)] == [("Lena Vogt", Role.ADMINISTRATOR)]
    assert [each.name for each in accounts.listed(database)] == ["in"]
    database.close()


def test_a_keyring_that_refuses_leaves_nothing_written(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    plan = Plan("lena@desk.example", "Lena", "postgresql://lena@127.0.0.1:1/desk", "word")
    with pytest.raises(KnownError) as told:
        decide(profile, Secrets({}), SystemClock(), plan)
    assert told.value.code == "keyring.unsafe"
    assert is_fresh(profile, {})


def test_a_shared_desk_is_joined_by_somebody_of_its_staff(
    profile: Profile, ring: Remembering, postgres_url: str
) -> None:
    database = open_database(postgres_url, SystemClock())
    staff.add_agent(database, staff.system_actor(), "Lena", "lena@desk.example", Role.AGENT)
    found = Found(Fitness.READY, "18")
    plan = Plan("nobody@desk.example", url=postgres_url, password="word", found=found)
    with pytest.raises(KnownError) as told:
        decide(profile, Secrets({}), SystemClock(), plan)
    assert (told.value.code, is_fresh(profile, {})) == ("staff.unknown", True)
    decide(profile, Secrets({}), SystemClock(), replace(plan, mail="lena@desk.example"))
    assert settings_of(profile) == {"database": postgres_url, "agent": "lena@desk.example"}
    assert ring.kept == {"database": "word"}
    assert [each.mail for each in staff.agents(database)] == ["lena@desk.example"]
    database.close()


def test_a_desk_that_the_environment_sets_up_is_not_fresh(profile: Profile) -> None:
    assert not is_fresh(profile, {"FIRSTLINE_DATABASE": "postgresql://a@b/c"})


def test_a_password_in_an_address_goes_to_the_keyring(profile: Profile, ring: Remembering) -> None:
    remember_database(profile, Secrets({}), "postgresql://lena:word@db.example/desk")
    assert settings_of(profile) == {"database": "postgresql://lena@db.example/desk"}
    assert ring.kept == {"database": "word"}
