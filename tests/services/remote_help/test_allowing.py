"""A target outside the connection's allow-list is refused."""

from uuid import uuid4

import pytest

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.remote_help.allowing import require_allowed, require_targets

LISTED = ("web-*.shop.example", "db1.shop.example", "10.1.0.0/16", "2001:db8::/32")


def connection(*targets: str) -> Connection:
    return Connection(uuid4(), "Linux hosts", Transport.SSH, "", "desk", targets, {})


@pytest.mark.parametrize(
    "target", ["web-1.shop.example", "WEB-2.shop.example.", "db1.shop.example", "10.1.200.3", "2001:db8::5"]
)
def test_what_is_listed_is_reached(target: str) -> None:
    require_allowed(connection(*LISTED), target)


@pytest.mark.parametrize(
    "target", ["db2.shop.example", "web-1.shop.example.evil.example", "10.2.0.1", "2001:db9::1", "", "10.1.0.0/16"]
)
def test_what_is_not_listed_is_refused_by_name(target: str) -> None:
    with pytest.raises(KnownError) as refused:
        require_allowed(connection(*LISTED), target)
    assert (refused.value.code, refused.value.facts["target"]) == ("remote.not_allowed", target)


def test_a_pattern_of_names_lets_no_address_through() -> None:
    with pytest.raises(KnownError):
        require_allowed(connection("10.*", "*.example"), "10.1.2.3")


def test_a_directory_is_told_units_that_are_names_of_it() -> None:
    require_targets(Transport.DIRECTORY, ("OU=Staff,DC=corp,DC=example",))
    require_targets(Transport.SSH, LISTED)
    with pytest.raises(KnownError, match=r"directory\.no_name"):
        require_targets(Transport.DIRECTORY, ("OU=Staff,DC=corp,DC=example", "*.corp.example"))


def test_an_empty_list_reaches_nothing() -> None:
    with pytest.raises(KnownError):
        require_allowed(connection(), "web-1.shop.example")
