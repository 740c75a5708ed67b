"""What can be set, and what cannot work or is not safe."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from app.services.channels.graph.config import GraphConfig
from app.services.channels.graph.manifest import MANIFEST
from app.services.channels.registry import kinds
from app.services.wording import catalogue
from tests.peers.graph.running import CLIENT, DESK, SHARED


def config(**settings: Any) -> GraphConfig:
    return GraphConfig(**{"address": DESK, "client_id": CLIENT, **settings})


@pytest.mark.parametrize(
    "settings",
    [
        {"address": "nobody"},
        {"address": ""},
        {"address": "a\x01b@acme.example"},
        {"user": "a b@acme.example"},
        {"client_id": " "},
        {"tenant": ""},
        {"cloud": "mars"},
        {"folder": " / "},
        {"handled": "move"},
        {"handled": "move", "handled_folder": "Inbox "},
        {"handled": "category", "handled_category": ""},
        {"timeout": 0},
        {"app_only": True},
        {"app_only": True, "tenant": "Common"},
        {"graph_address": "https://graph.evil.example"},
        {"graph_address": "https://localhost.evil.example"},
        {"graph_address": "https://localhost@evil.example"},
        {"graph_address": "ftp://localhost"},
        {"authority": "https://login.evil.example"},
    ],
)
def test_settings_that_cannot_work_or_are_not_safe_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**settings)


def test_who_signs_in_is_told_with_what_the_mailbox_needs() -> None:
    own, shared, app = config(), config(address=SHARED, user=DESK), config(app_only=True, tenant="acme.example")
    told = [MANIFEST.identity(each) for each in (own, shared, app)]
    assert all(each is not None for each in told)
    assert [each and (each.user, each.scopes, each.app_only) for each in told] == [
        (DESK, ("https://graph.microsoft.com/Mail.ReadWrite", "https://graph.microsoft.com/Mail.Send"), False),
        (
            DESK,
            ("https://graph.microsoft.com/Mail.ReadWrite.Shared", "https://graph.microsoft.com/Mail.Send.Shared"),
            False,
        ),
        (DESK, ("https://graph.microsoft.com/.default",), True),
    ]
    assert told[2] is not None
    assert (told[2].provider, told[2].tenant) == ("microsoft", "acme.example")


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("us_government", "https://graph.microsoft.us"),
        ("us_defense", "https://dod-graph.microsoft.us"),
        ("china", "https://microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_a_national_cloud_has_a_graph_and_scopes_of_its_own(cloud: str, host: str) -> None:
    settings = config(cloud=cloud)
    assert settings.graph == host
    assert all(each.startswith(f"{host}/") for each in settings.scopes)


def test_starting_imports_no_http_library() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from app.services.channels.registry import manifest; manifest('graph').config;"
            "sys.exit(bool({'httpx', 'msal', 'requests'} & set(sys.modules)))",
        ],
        check=False,
    )
    assert told.returncode == 0
    assert "graph" in kinds()


def test_every_setting_has_words_in_german_too() -> None:
    fields = GraphConfig.model_fields
    german = catalogue("de")
    assert [
        name for name in fields if f"setting.graph.{name}" not in german or f"hint.graph.{name}" not in german
    ] == []
