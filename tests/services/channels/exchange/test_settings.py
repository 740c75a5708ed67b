"""The settings say what they need, in the form a person fills in, and cost nothing at start."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.registry import kinds, manifest
from app.services.wording import catalogue

DESK = "desk@acme.example"


def test_each_setting_has_a_title_and_a_description_and_none_is_a_secret() -> None:
    fields = ExchangeConfig.model_fields
    assert all(field.title and field.description for field in fields.values())
    assert manifest("exchange").secrets == ("password",)
    assert "password" not in fields


def test_an_address_is_all_that_is_needed() -> None:
    config = ExchangeConfig(address=DESK)
    assert (config.account_name, config.endpoint, config.folder, config.handled) == (DESK, None, "inbox", "nothing")


@pytest.mark.parametrize(
    ("server", "endpoint"),
    [
        ("mail.acme.example", "https://mail.acme.example/EWS/Exchange.asmx"),
        ("mail.acme.example:8443", "https://mail.acme.example:8443/EWS/Exchange.asmx"),
        ("https://mail.acme.example", "https://mail.acme.example/EWS/Exchange.asmx"),
        ("https://mail.acme.example/", "https://mail.acme.example/EWS/Exchange.asmx"),
        ("https://mail.acme.example/ews/other.asmx", "https://mail.acme.example/ews/other.asmx"),
        ("http://127.0.0.1:8080/EWS/Exchange.asmx", "http://127.0.0.1:8080/EWS/Exchange.asmx"),
        ("http://[::1]:8080", "http://[::1]:8080/EWS/Exchange.asmx"),
    ],
)
def test_a_server_is_a_host_or_a_full_address(server: str, endpoint: str) -> None:
    assert ExchangeConfig(address=DESK, server=server).endpoint == endpoint


@pytest.mark.parametrize(
    "settings",
    [
        {"address": "desk"},
        {"address": "de sk@acme.example"},
        {"server": "http://mail.acme.example"},
        {"server": "http://127.0.0.1.evil.example"},
        {"server": "ftp://mail.acme.example"},
        {"server": "https://user:secret@mail.acme.example"},
        {"folder": " / "},
        {"handled": "move"},
        {"handled": "move", "handled_folder": "INBOX/"},
        {"timeout": 0},
        {"password": "in the wrong place"},
        {"authentication": "digest"},
    ],
)
def test_settings_that_cannot_work_or_are_not_safe_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ExchangeConfig(**{"address": DESK, **settings})


def test_starting_does_not_import_exchangelib() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from app.services.channels.registry import manifest; manifest('exchange').config;"
            "sys.exit('exchangelib' in sys.modules or 'requests' in sys.modules)",
        ],
        check=False,
    )
    assert told.returncode == 0
    assert "exchange" in kinds()


def words_of_exchange(language: str) -> set[str]:
    return {key for key in catalogue(language) if ".exchange." in f".{key}."}


def words_at_the_fields() -> set[str]:
    """Titles and hints of settings: their English stands at the fields themselves."""
    fields = ExchangeConfig.model_fields.items()
    titles = {f"setting.exchange.{name}" for name, field in fields if field.title}
    return titles | {f"hint.exchange.{name}" for name, field in fields if field.description}


def test_every_word_is_there_in_both_languages() -> None:
    ours = words_of_exchange("en") | words_at_the_fields()
    assert len(ours) > 35
    assert ours == words_of_exchange("de")
