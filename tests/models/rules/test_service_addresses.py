"""Which addresses a connection to a service may have."""

import pytest

from app.models.errors import KnownError
from app.models.records.scripts import Transport
from app.models.rules.service_addresses import require_address


@pytest.mark.parametrize(
    ("transport", "address"),
    [
        (Transport.HTTP, "https://billing.example:8443/actuator"),
        (Transport.HTTP, "https://[::1]/"),
        (Transport.SQL, "postgresql://reader@db.example:5432/orders?sslmode=verify-full"),
        (Transport.SQL, "sqlite:////srv/orders.db"),
        (Transport.SQL, "sqlite:///C:/till/orders.db"),
        (Transport.SSH, ""),
    ],
)
def test_these_are_addresses(transport: Transport, address: str) -> None:
    require_address(transport, address)


@pytest.mark.parametrize(
    ("transport", "address", "code"),
    [
        (Transport.HTTP, "", "remote.bad_address"),
        (Transport.HTTP, "http://billing.example", "remote.bad_address"),
        (Transport.HTTP, "https://billing.example/?a=b", "remote.bad_address"),
        (Transport.HTTP, "https://ann@billing.example/", "remote.bad_address"),
        (Transport.HTTP, "https://billing.example:none/", "remote.bad_address"),
        (Transport.HTTP, "https://[::1", "remote.bad_address"),
        (Transport.HTTP, "https://ann:sesame@billing.example/", "remote.password_in_address"),
        (Transport.SQL, "postgresql://reader:sesame@db.example/orders", "remote.password_in_address"),
        (Transport.SQL, "mysql://reader@db.example/orders", "remote.bad_address"),
        (Transport.SQL, "sqlite://", "remote.bad_address"),
        (Transport.SQL, "sqlite://host/orders.db", "remote.bad_address"),
        (Transport.SQL, "sqlite:///orders.db", "remote.bad_address"),
    ],
)
def test_these_are_none(transport: Transport, address: str, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        require_address(transport, address)
    assert refused.value.code == code
