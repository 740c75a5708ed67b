"""Settings forms that draw themselves."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, StringConstraints, field_validator
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.services.channels.registry import kinds, manifest
from app.services.wording import use_language
from app.views.kit.forms import ModelForm
from app.views.kit.forms_model import Kind, fields_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sample(BaseModel):
    server: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(title="Server", description="Its name")
    port: int = Field(993, ge=1, le=65_535, title="Port")
    patience: float = Field(30.0, title="Patience")
    tls: bool = Field(True, title="Protect")
    mode: Literal["idle", "poll"] = Field("idle", title="Mode")
    colour: Colour = Field(Colour.BLUE, title="Colour")
    folder: Path | None = Field(None, title="Folder")
    ca_file: Path | None = Field(None, title="Authority")

    @field_validator("server")
    @classmethod
    def _has_a_dot(cls, value: str) -> str:
        if "." not in value:
            raise ValueError("a server's name has a dot in it")
        return value


@pytest.fixture
def form(qtbot: QtBot) -> ModelForm:
    made = ModelForm(Sample, ("password",))
    qtbot.addWidget(made)
    made.show()
    return made


def line(form: ModelForm, name: str) -> QLineEdit:
    entry = form.entry(name)
    assert isinstance(entry, QLineEdit)
    return entry


def test_every_kind_of_field_is_known() -> None:
    assert {each.name: each.kind for each in fields_of(Sample)} == {
        "server": Kind.TEXT,
        "port": Kind.WHOLE,
        "patience": Kind.NUMBER,
        "tls": Kind.SWITCH,
        "mode": Kind.CHOICE,
        "colour": Kind.CHOICE,
        "folder": Kind.FOLDER,
        "ca_file": Kind.FILE,
    }


def test_a_form_starts_with_the_defaults(form: ModelForm) -> None:
    assert line(form, "port").text() == "993"
    assert line(form, "folder").text() == ""
    assert isinstance(box := form.entry("tls"), QCheckBox)
    assert box.isChecked()
    assert isinstance(colour := form.entry("colour"), QComboBox)
    assert colour.currentText() == "blue"


def test_what_is_typed_becomes_settings(form: ModelForm, qtbot: QtBot) -> None:
    qtbot.keyClicks(line(form, "server"), " mail.example.com ")
    qtbot.keyClicks(line(form, "folder"), "/srv/mail")
    qtbot.keyClick(form.entry("tls"), Qt.Key.Key_Space)
    assert form.settings() == Sample(server="mail.example.com", tls=False, folder=Path("/srv/mail"))


def test_what_is_wrong_stands_beside_its_field_in_words(form: ModelForm, qtbot: QtBot) -> None:
    qtbot.keyClicks(line(form, "server"), "mail")
    line(form, "port").setText("seven")
    line(form, "patience").setText("long")
    assert form.settings() is None
    assert form.problem("server") == "A server's name has a dot in it."
    assert form.problem("port") == "Enter a whole number."
    assert form.problem("patience") == "Enter a number."
    assert form.entry("server").property("wrong") is True


def test_a_missing_entry_and_a_limit_are_told(form: ModelForm) -> None:
    line(form, "port").setText("70000")
    assert form.settings() is None
    assert form.problem("server") == "This is needed."
    assert form.problem("port") == "At most 65535."


def test_a_mended_field_is_no_longer_wrong(form: ModelForm, qtbot: QtBot) -> None:
    form.settings()
    qtbot.keyClicks(line(form, "server"), "mail.example.com")
    assert form.settings() is not None
    assert form.problem("server") == ""
    assert form.entry("server").property("wrong") is False


def test_secrets_are_asked_for_beside_the_settings_and_never_shown(form: ModelForm, qtbot: QtBot) -> None:
    password = next(each for each in form.findChildren(QLineEdit) if each.accessibleName() == "Password")
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert form.secrets() == {}
    qtbot.keyClicks(password, "hunter2")
    assert form.secrets() == {"password": "hunter2"}


def test_every_entry_has_a_name_for_those_who_listen(form: ModelForm) -> None:
    assert all(form.entry(each.name).accessibleName() == each.title for each in fields_of(Sample))


@pytest.mark.parametrize("kind", kinds())
def test_every_connector_gets_its_form(kind: str, qtbot: QtBot) -> None:
    described = manifest(kind)
    drawn = ModelForm(described.config, described.secrets)
    qtbot.addWidget(drawn)
    assert all(each.title for each in fields_of(described.config))
    assert [drawn.entry(each.name) for each in fields_of(described.config)]


def test_what_is_for_trying_out_is_not_asked_and_may_be_stored(qtbot: QtBot) -> None:
    described = manifest("graph")
    drawn = ModelForm(described.config, described.secrets, described.kind)
    qtbot.addWidget(drawn)
    drawn.fill({"address": "a@b.example", "client_id": "1", "graph_address": "http://localhost:1"})
    assert drawn.entered()["client_id"] == "1"
    drawn.fill({"handled": "move"})
    assert drawn.settings() is None
    assert "folder" in drawn.problem("timeout")
    assert "graph_address" not in drawn.entered()


def test_a_connectors_form_speaks_the_language_of_the_desk(qtbot: QtBot) -> None:
    described = manifest("imap")
    use_language("de")
    drawn = ModelForm(described.config, described.secrets, described.kind)
    qtbot.addWidget(drawn)
    assert drawn.entry("user").accessibleName() == "Benutzername"
    assert drawn.entry("user").accessibleDescription() == "Leer: die Adresse"


def test_a_choice_shows_words_and_means_its_value(qtbot: QtBot) -> None:
    described = manifest("imap")
    drawn = ModelForm(described.config, described.secrets, described.kind)
    qtbot.addWidget(drawn)
    assert isinstance(box := drawn.entry("handled"), QComboBox)
    assert (box.currentText(), drawn.entered()["handled"]) == ("Marked as read", "seen")
    drawn.fill({"handled": "move"})
    assert (box.currentText(), drawn.entered()["handled"]) == ("Moved", "move")


def test_a_password_stands_behind_its_user(qtbot: QtBot) -> None:
    described = manifest("imap")
    drawn = ModelForm(described.config, described.secrets, described.kind)
    qtbot.addWidget(drawn)
    names = [each.accessibleName() for each in drawn.findChildren(QLineEdit)]
    assert names.index("Password") == names.index("User name") + 1
    assert names.index("SMTP password") == names.index("SMTP user name") + 1
