"""A person signs in by Windows itself: msal's own way to the broker, and at its end a runtime of the tests' own."""

import sys
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from types import SimpleNamespace

import msal.application
import pytest

from app.models.clock import SystemClock
from app.models.errors import ChannelError, KnownError
from app.services.channels.interface import Tokens
from app.services.secrets import Secrets
from app.services.sign_in import SignedIn, SignIns, Window, broker
from app.services.wording import tr_error
from tests.peers.authority.server import Authority
from tests.peers.windows_broker import CONSOLE, WindowsBroker, on_windows
from tests.services.secrets.test_secrets import Safe
from tests.services.sign_in.conftest import ADA, GRACE

WINDOWS_ADA = replace(ADA, by_windows=True)
BOB = replace(WINDOWS_ADA, user="bob@contoso.example")
HANDLE = 4711

Load = Callable[[WindowsBroker], WindowsBroker]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    return lambda windows: on_windows(windows, monkeypatch)


@pytest.fixture
def windows(load: Load) -> WindowsBroker:
    """A computer that Ada is signed in to."""
    return load(WindowsBroker(["ada@contoso.example"]))


def by_windows(sign_ins: SignIns, identity: object = WINDOWS_ADA, stop: Event | None = None) -> SignedIn | None:
    return sign_ins.by_windows(identity, Window(HANDLE, lambda: None), stop or Event())  # type: ignore[arg-type]


def tokens_of(sign_ins: SignIns, identity: object = WINDOWS_ADA) -> Tokens:
    tokens = sign_ins.credentials("support", identity).tokens  # type: ignore[arg-type]
    assert tokens is not None
    return tokens


def later(authority: Authority) -> SignIns:
    """The same desk, started anew."""
    return SignIns(Secrets({}), SystemClock(), authority.endpoints)


def test_who_windows_knows_is_signed_in_without_a_question(sign_ins: SignIns, windows: WindowsBroker) -> None:
    signed_in = by_windows(sign_ins)
    assert signed_in is not None
    assert (signed_in.who, signed_in.by_windows) == ("ada@contoso.example", True)
    assert windows.asked == ["signin_silently"]
    assert sign_ins.who(WINDOWS_ADA) == signed_in
    assert tokens_of(sign_ins).token().endswith("-ada@contoso.example")


def test_somebody_else_is_asked_for_in_a_dialog_before_the_window(sign_ins: SignIns, windows: WindowsBroker) -> None:
    windows.person = BOB.user
    opened: list[bool] = []
    signed_in = sign_ins.by_windows(BOB, Window(HANDLE, lambda: opened.append(True)), Event())
    assert signed_in is not None
    assert signed_in.who == BOB.user
    assert (windows.windows, opened) == ([HANDLE], [True])


def test_on_the_command_line_it_is_asked_before_the_console(sign_ins: SignIns, load: Load) -> None:
    windows = load(WindowsBroker([], person=ADA.user))
    assert sign_ins.by_windows(WINDOWS_ADA, Window(None, lambda: None), Event()) is not None
    assert windows.windows == [CONSOLE]


def test_what_is_asked_for_is_the_mailbox_at_the_authority_of_the_cloud(
    sign_ins: SignIns, windows: WindowsBroker
) -> None:
    by_windows(sign_ins)
    (asked,) = windows.parameters
    assert (asked.client_id, asked.authority) == ("app", "https://localhost/contoso.example")
    assert set(ADA.scopes) <= set(asked.scopes)


def test_no_token_is_kept_and_the_desk_goes_on_after_a_new_start(
    sign_ins: SignIns, load: Load, windows: WindowsBroker, authority: Authority, safe: Safe
) -> None:
    by_windows(sign_ins)
    assert "token" not in "".join(safe.kept.values())
    load(windows)
    tokens = tokens_of(later(authority))
    first = tokens.token()
    assert tokens.token() == first
    assert tokens.token(first) != first
    assert windows.asked == ["signin_silently", *["read_account_by_id", "acquire_token_silently"] * 2]


def test_what_is_kept_fits_one_windows_entry(sign_ins: SignIns, windows: WindowsBroker, safe: Safe) -> None:
    by_windows(sign_ins)
    (kept,) = safe.kept.values()
    assert len(kept.encode("utf-16-le")) <= 2560


def test_two_people_are_signed_in_side_by_side(sign_ins: SignIns, windows: WindowsBroker) -> None:
    windows.person = BOB.user
    by_windows(sign_ins)
    by_windows(sign_ins, BOB)
    assert tokens_of(sign_ins).token().endswith("-ada@contoso.example")
    assert tokens_of(sign_ins, BOB).token().endswith("-bob@contoso.example")


def test_signing_out_is_told_to_windows_for_this_application_alone(
    sign_ins: SignIns, windows: WindowsBroker, safe: Safe
) -> None:
    by_windows(sign_ins)
    tokens = tokens_of(sign_ins)
    tokens.token()
    sign_ins.sign_out(WINDOWS_ADA)
    assert windows.signed_out == [("app", "id-of-ada@contoso.example")]
    assert (safe.kept, list(windows.accounts)) == ({}, ["id-of-ada@contoso.example"])
    with pytest.raises(ChannelError, match="needed"):
        tokens.token()


def test_one_can_sign_out_where_the_authority_cannot_be_reached(
    sign_ins: SignIns, windows: WindowsBroker, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    by_windows(sign_ins)
    authority.__exit__(None, None, None)
    sign_ins.sign_out(WINDOWS_ADA)
    assert sign_ins.who(WINDOWS_ADA) is None
    assert "Windows still keeps the sign-in" in caplog.text


@pytest.mark.parametrize(
    ("status", "context", "code"),
    [
        ("UserCanceled", "(pii)", "windows_cancelled"),
        ("IncorrectConfiguration", "(pii)", "windows_not_registered"),
        ("ApiContractViolation", "AADSTS50011: The redirect URI does not match.", "windows_not_registered"),
        ("Unexpected", "AADSTS7000218: must contain client_assertion", "windows_not_registered"),
        ("NoNetwork", "(pii)", "unreachable"),
        ("ServerTemporarilyUnavailable", "(pii)", "not_now"),
        ("InteractionRequired", "AADSTS53003: blocked by Conditional Access", "blocked_by_policy"),
        ("Unexpected", "AADSTS65004: declined to consent", "consent_refused"),
        ("AuthorityUntrusted", "(pii)", "windows_failed"),
        ("DeviceNotRegistered", "(pii)", "windows_failed"),
    ],
)
def test_what_stops_the_dialog_is_told_in_words(
    status: str, context: str, code: str, sign_ins: SignIns, load: Load
) -> None:
    windows = load(WindowsBroker([]))
    windows.refuse("signin_interactively", status, context)
    with pytest.raises(ChannelError) as caught:
        by_windows(sign_ins)
    assert caught.value.code == f"sign_in.{code}"
    assert caught.value.passing == (code in ("unreachable", "not_now"))
    assert tr_error(caught.value) != f"error.sign_in.{code}"
    assert "pii" not in tr_error(caught.value)
    assert sign_ins.who(WINDOWS_ADA) is None


def test_an_application_that_is_not_registered_for_windows_is_told_what_to_register(
    sign_ins: SignIns, windows: WindowsBroker
) -> None:
    windows.refuse("signin_silently", "ApiContractViolation", "AADSTS50011: The redirect URI does not match.")
    with pytest.raises(ChannelError) as caught:
        by_windows(sign_ins)
    assert "ms-appx-web://Microsoft.AAD.BrokerPlugin/app " in tr_error(caught.value)


@pytest.mark.parametrize(
    ("status", "context", "code"),
    [
        ("InteractionRequired", "(pii)", "again"),
        ("InteractionRequired", "AADSTS50076: you must use multi-factor authentication", "multi_factor"),
        ("AccountUnusable", "(pii)", "again"),
        ("NetworkTemporarilyUnavailable", "(pii)", "unreachable"),
        ("Unexpected", "(pii)", "windows_failed"),
    ],
)
def test_why_windows_renews_nothing_is_told_and_a_new_sign_in_goes_on(
    status: str, context: str, code: str, sign_ins: SignIns, windows: WindowsBroker
) -> None:
    by_windows(sign_ins)
    tokens = tokens_of(sign_ins)
    windows.refuse("acquire_token_silently", status, context)
    with pytest.raises(ChannelError) as caught:
        tokens.token()
    assert caught.value.code == f"sign_in.{code}"
    by_windows(sign_ins)
    assert tokens.token()


def test_windows_that_never_answers_is_asked_again_later(
    sign_ins: SignIns, windows: WindowsBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_windows(sign_ins)
    tokens = tokens_of(sign_ins)
    monkeypatch.setattr(broker, "_SILENT_SECONDS", 0.3)
    windows.unanswered.add("acquire_token_silently")
    with pytest.raises(ChannelError, match="not_now") as caught:
        tokens.token()
    assert caught.value.passing


def test_an_account_that_was_taken_out_of_windows_asks_to_sign_in_again(
    sign_ins: SignIns, windows: WindowsBroker
) -> None:
    by_windows(sign_ins)
    windows.accounts.clear()
    with pytest.raises(ChannelError, match=r"sign_in\.again"):
        tokens_of(sign_ins).token()


def test_a_dialog_that_stays_open_holds_up_nobody_who_cancels(sign_ins: SignIns, load: Load) -> None:
    windows = load(WindowsBroker([]))
    stop = Event()
    with pytest.raises(ChannelError, match="cancelled"):
        sign_ins.by_windows(WINDOWS_ADA, Window(HANDLE, stop.set), stop)
    assert windows.is_open.wait(60)
    windows.close_dialogs()
    assert sign_ins.who(WINDOWS_ADA) is None


def test_nobody_is_asked_where_it_could_not_be_kept(sign_ins: SignIns, windows: WindowsBroker) -> None:
    import keyring
    import keyring.backends.fail

    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(KnownError, match=r"keyring\.no_sign_in"):
        by_windows(sign_ins)
    assert windows.asked == []


def test_a_channel_that_is_set_to_the_browser_does_not_ask_windows(sign_ins: SignIns, windows: WindowsBroker) -> None:
    assert by_windows(sign_ins, ADA) is None
    assert by_windows(sign_ins, GRACE) is None
    assert windows.asked == []


def test_a_sign_in_of_windows_is_replaced_by_one_in_the_browser_and_back(
    sign_ins: SignIns, sign_in: Callable[[object], SignedIn], windows: WindowsBroker, authority: Authority
) -> None:
    by_windows(sign_ins)
    assert not sign_in(WINDOWS_ADA).by_windows
    assert authority.store.by_access(tokens_of(sign_ins).token()) is not None
    by_windows(sign_ins)
    assert tokens_of(sign_ins).token().endswith("-ada@contoso.example")


def test_a_system_without_a_broker_leaves_it_to_the_browser(sign_ins: SignIns, authority: Authority) -> None:
    assert by_windows(sign_ins) is None
    assert authority.asked == []


def test_another_system_leaves_it_to_the_browser_even_with_a_runtime(
    sign_ins: SignIns, windows: WindowsBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(msal.application, "sys", SimpleNamespace(platform="linux", argv=sys.argv))
    assert by_windows(sign_ins) is None


@pytest.mark.parametrize("error", [ImportError("DLL load failed"), RuntimeError("this Windows is too old")])
def test_a_runtime_that_cannot_begin_leaves_it_to_the_browser(
    error: Exception, sign_ins: SignIns, windows: WindowsBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_callback: object) -> None:
        raise error

    monkeypatch.setattr(sys.modules["pymsalruntime"], "register_logging_callback", fails)
    assert by_windows(sign_ins) is None


def test_a_windows_that_was_made_without_the_broker_leaves_it_to_the_browser(
    sign_ins: SignIns, windows: WindowsBroker
) -> None:
    """As the runtime answers under wine, which has none."""
    windows.refuse("signin_silently", "Unexpected", number=-2147221164)
    assert by_windows(sign_ins) is None


def test_a_broker_that_went_away_asks_to_sign_in_again(
    sign_ins: SignIns, windows: WindowsBroker, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_windows(sign_ins)
    monkeypatch.delitem(sys.modules, "pymsalruntime")
    with pytest.raises(ChannelError, match="windows_gone") as caught:
        tokens_of(later(authority)).token()
    assert not caught.value.passing
