"""What every test has: databases of both engines, and no way out but loopback."""

import pytest
from pytest_socket import socket_allow_hosts

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.domain",
    "tests.fixtures.gui",
    "tests.fixtures.people",
    "tests.fixtures.prism",
    "tests.fixtures.rounds",
    "tests.fixtures.servers",
    "tests.fixtures.sshd",
    "tests.fixtures.trees",
    "tests.fixtures.winrm",
]


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
