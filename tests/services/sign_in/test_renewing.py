"""Tokens are renewed without a person, by whoever needs one, until a person must act."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest

from app.models.clock import SystemClock
from app.models.errors import ChannelError
from app.services.channels.interface import Tokens
from app.services.secrets import Secrets
from app.services.sign_in import SignIns
from app.services.sign_in.microsoft import MicrosoftClient
from app.services.wording import tr_error
from tests.fixtures.databases import SettableClock
from tests.peers.authority.server import Authority
from tests.services.secrets.test_secrets import Safe
from tests.services.sign_in.conftest import ADA, GRACE, SignIn


def tokens_of(sign_ins: SignIns, channel: str = "support") -> Tokens:
    tokens = sign_ins.credentials(channel, ADA).tokens
    assert tokens is not None
    return tokens


def asked_for_tokens(authority: Authority) -> int:
    return sum(each.endswith("/token") for each in authority.asked)


def test_a_token_is_used_until_shortly_before_its_end(authority: Authority, safe: Safe, sign_in: SignIn) -> None:
    sign_in(ADA)
    clock = SettableClock(datetime(2026, 3, 2, 8, tzinfo=UTC))
    tokens = tokens_of(SignIns(Secrets({}), clock, authority.endpoints))
    first = tokens.token()
    clock.forward(minutes=50)
    assert tokens.token() == first
    clock.forward(minutes=6)
    assert tokens.token() != first


def test_a_token_that_the_server_refused_is_replaced_once_for_all_who_ask(sign_in: SignIn, sign_ins: SignIns) -> None:
    sign_in(ADA)
    tokens = tokens_of(sign_ins)
    refused = tokens.token()
    second = tokens.token(refused)
    assert second != refused
    assert tokens.token(refused) == second


def test_threads_share_one_renewal(sign_in: SignIn, sign_ins: SignIns, authority: Authority) -> None:
    sign_in(ADA)
    before = asked_for_tokens(authority)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _n: tokens_of(sign_ins).token(), range(8)))
    assert len(set(found)) == 1
    assert asked_for_tokens(authority) == before + 1


def test_two_desks_that_renew_in_turn_take_the_newest_from_the_keyring(
    sign_in: SignIn, authority: Authority, safe: Safe
) -> None:
    """The server takes each refresh token once, as the strictest do."""
    sign_in(ADA)
    desks = [tokens_of(SignIns(Secrets({}), SystemClock(), authority.endpoints)) for _ in range(2)]
    for _ in range(3):
        for each in desks:
            held = each.token()
            assert each.token(held) != held


def test_a_desk_that_was_overtaken_in_renewing_looks_again(
    sign_in: SignIn, authority: Authority, safe: Safe, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ADA)
    slow, fast = (tokens_of(SignIns(Secrets({}), SystemClock(), authority.endpoints)) for _ in range(2))
    real = MicrosoftClient.refresh
    overtaken: list[str] = []

    def refresh(client: MicrosoftClient, refresh_token: str) -> object:
        if not overtaken:
            overtaken.append(refresh_token)
            fast.token()  # between reading the keyring and asking the server
        return real(client, refresh_token)

    monkeypatch.setattr(MicrosoftClient, "refresh", refresh)
    assert authority.store.by_access(slow.token()) is not None
    assert len(overtaken) == 1


def test_a_changed_password_asks_a_person_to_sign_in_again_and_then_goes_on(
    sign_in: SignIn, sign_ins: SignIns, authority: Authority
) -> None:
    sign_in(ADA)
    tokens = tokens_of(sign_ins)
    held = tokens.token()
    authority.store.revoke_refresh_tokens()
    with pytest.raises(ChannelError) as caught:
        tokens.token(held)
    assert caught.value.code == "sign_in.again"
    assert not caught.value.passing
    assert "ada@contoso.example" in tr_error(caught.value)
    sign_in(ADA)
    assert tokens.token(held) != held


@pytest.mark.parametrize(
    ("error", "words", "code"),
    [
        ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked.", "again"),
        ("invalid_grant", "AADSTS50055: The password is expired.", "password_expired"),
        ("invalid_grant", "AADSTS50076: you must use multi-factor authentication", "multi_factor"),
        ("interaction_required", "AADSTS50079: you must enroll in multi-factor authentication", "multi_factor"),
        ("invalid_grant", "AADSTS53003: Access has been blocked by Conditional Access", "blocked_by_policy"),
        ("invalid_grant", "AADSTS65001: has not consented", "admin_consent"),
        ("unauthorized_client", "AADSTS700016: Application was not found in the directory", "unknown_app"),
        ("temporarily_unavailable", "AADSTS90033: A transient error has occurred.", "not_now"),
        ("brand_new", "Something else.", "refused"),
    ],
)
def test_why_no_token_is_to_be_had_is_told_in_words(
    error: str, words: str, code: str, sign_in: SignIn, sign_ins: SignIns, authority: Authority
) -> None:
    sign_in(ADA)
    authority.refuse("/token", error, words)
    with pytest.raises(ChannelError) as caught:
        tokens_of(sign_ins).token()
    assert caught.value.code == f"sign_in.{code}"
    assert caught.value.passing == (code == "not_now")
    assert tr_error(caught.value) != f"error.sign_in.{code}"


def test_a_server_in_trouble_is_asked_again_later(sign_in: SignIn, sign_ins: SignIns, authority: Authority) -> None:
    sign_in(ADA)
    authority.refuse("/token", "server_error", status=503)
    with pytest.raises(ChannelError, match="not_now") as caught:
        tokens_of(sign_ins).token()
    assert caught.value.passing
    assert tokens_of(sign_ins).token()


def test_nobody_signed_in_says_where_to(sign_ins: SignIns) -> None:
    with pytest.raises(ChannelError) as caught:
        tokens_of(sign_ins).token()
    assert caught.value.code == "sign_in.needed"


def test_two_mailboxes_share_the_sign_in_of_one_person(sign_in: SignIn, sign_ins: SignIns) -> None:
    sign_in(ADA)
    assert tokens_of(sign_ins, "support").token()
    assert tokens_of(sign_ins, "billing").token()


def test_several_people_are_signed_in_side_by_side(sign_in: SignIn, sign_ins: SignIns) -> None:
    sign_in(ADA)
    sign_in(GRACE)
    sign_ins.sign_out(ADA)
    assert sign_ins.who(ADA) is None
    assert sign_ins.who(GRACE) is not None
    with pytest.raises(ChannelError, match="needed"):
        tokens_of(sign_ins).token()


def test_a_machine_without_people_is_told_a_refresh_token_and_goes_on_with_its_successors(
    sign_in: SignIn, authority: Authority, safe: Safe, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(ADA)
    told = next(each.refresh_token for each in authority.store.tokens)
    assert told is not None
    safe.kept.clear()
    headless = SignIns(
        Secrets({"FIRSTLINE_SECRET_CHANNEL_SUPPORT_REFRESH_TOKEN": told}), SystemClock(), authority.endpoints
    )
    tokens = tokens_of(headless)
    first = tokens.token()
    assert tokens.token(first) != first
    assert safe.kept == {}
    assert "not stored" in caplog.text
    assert told not in caplog.text


def test_a_refresh_token_longer_than_a_windows_entry_is_kept(
    sign_in: SignIn, sign_ins: SignIns, authority: Authority, safe: Safe
) -> None:
    authority.long_tokens = True
    sign_in(ADA)
    assert all(len(each.encode("utf-16-le")) <= 2560 for each in safe.kept.values())
    assert len(safe.kept) > 2
    assert tokens_of(sign_ins).token()
    sign_ins.sign_out(ADA)
    assert safe.kept == {}


def test_google_gives_no_mail_by_device_code(sign_ins: SignIns) -> None:
    with pytest.raises(ChannelError, match="no_device_code"):
        sign_ins.by_device(GRACE, pytest.fail, Event())


def test_a_sign_in_is_for_one_person(sign_in: SignIn, sign_ins: SignIns) -> None:
    sign_in(ADA)
    assert sign_ins.who(replace(ADA, user="bob@contoso.example")) is None
    assert sign_ins.who(replace(ADA, user="Ada@Contoso.example")) is not None
