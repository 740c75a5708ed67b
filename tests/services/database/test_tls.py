"""Which servers must prove who they are."""

from pathlib import Path

import pytest

from app.services.database import tls
from app.services.database.engine import parse_url

AUTHORITIES = {"SSL_CERT_FILE": "/authorities.pem"}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann@db.example/desk",
        "postgresql://ann@192.0.2.7/desk",
        "postgresql://ann@[2001:db8::7]/desk",
        "postgresql://ann@/desk?host=127.0.0.1,db.example",
        "postgresql://ann@/desk?host=a.example:5432&host=b.example:5432",
        "postgresql://ann@/desk?hostaddr=192.0.2.7",
        "postgresql://ann@localhost.example/desk",
    ],
)
def test_a_server_elsewhere_must_prove_who_it_is(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told = tls.guarded(parse_url(address), AUTHORITIES).query
    assert (told["sslmode"], told["sslrootcert"]) == ("verify-full", "/authorities.pem")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann@localhost/desk",
        "postgresql://ann@127.0.0.1/desk",
        "postgresql://ann@[::1]/desk",
        "postgresql://ann@/desk?host=/run/postgresql",
        "postgresql:///desk?service=desk",
        "postgresql://ann@db.example/desk?sslmode=prefer",
        "postgresql://ann@db.example/desk?sslmode=verify-full&sslrootcert=/own.pem",
    ],
)
def test_what_the_address_says_and_this_machine_are_left_as_they_are(address: str) -> None:
    parsed = parse_url(address)
    assert tls.guarded(parsed, AUTHORITIES) == parsed


def test_the_systems_authorities_are_a_file_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told = tls.guarded(parse_url("postgresql://ann@db.example/desk"), {}).query["sslrootcert"]
    assert "BEGIN CERTIFICATE" in Path(str(told)).read_text(encoding="ascii", errors="replace")
