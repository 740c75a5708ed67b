"""What must not be written down is masked, wherever it turns up."""

import logging
import sys
import time

import pytest

from app.services.secrets.redacting import Redacting, redact

SECRET = "Tr0ub4dor"


@pytest.mark.parametrize(
    "line",
    [
        f"password={SECRET}",
        f'"password": "{SECRET}"',
        f"'password': '{SECRET}'",
        f"{{'user': 'ann', 'api_key': '{SECRET}'}}",
        f'password: "{SECRET} with a blank"',
        f"PASSWD = {SECRET}",
        f"client_secret={SECRET}&grant_type=x",
        f"access_token={SECRET}",
        f"FIRSTLINE_SECRET_DATABASE={SECRET}",
        f"Authorization: Basic {SECRET}=",
        f"Authorization: Bearer {SECRET}.{SECRET}",
        f"header Negotiate {SECRET}{SECRET}==",
        f"postgresql://ann:{SECRET}@db.example/firstline",
        f"https://ann:{SECRET}@proxy.example:3128",
        f"postgresql://ann:at@{SECRET}@db.example/firstline",
        f"redis://:{SECRET}@cache.example",
    ],
)
def test_a_secret_is_masked(line: str) -> None:
    assert SECRET not in redact(line)
    assert "***" in redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "Signed in to imap.example as ann",
        "The basic idea of tokens is simple",
        "https://desk.example/tickets/12?by=ann@acme.example",
        "poll of support took 0.2 s",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert redact(line) == line


def test_a_huge_line_costs_no_more_than_its_length() -> None:
    line = "x" * 500_000 + "pass" * 50_000 + f" password={SECRET} " + "basic" * 50_000 + "://" * 50_000
    started = time.process_time()
    assert SECRET not in redact(line)
    assert time.process_time() - started < 2


def test_a_log_line_is_masked_with_its_arguments_and_its_traceback() -> None:
    try:
        raise ValueError(f"cannot sign in with password={SECRET}")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("app", logging.ERROR, __file__, 1, "%s failed", (f"imap://a:{SECRET}@x",), fault)
    told = Redacting("%(levelname)s %(message)s").format(record)
    assert SECRET not in told
    assert "ERROR imap://a:***@x failed" in told
    assert "ValueError" in told
