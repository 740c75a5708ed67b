"""A person signs in in the browser: the whole way, and everything that can go wrong on it."""

from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.models.clock import SystemClock
from app.models.errors import ChannelError, KnownError
from app.services.channels.interface import Identity
from app.services.secrets import Secrets
from app.services.sign_in import SignIns, loopback
from app.services.wording import tr_error
from tests.peers.authority.server import Authority
from tests.services.secrets.test_secrets import Safe
from tests.services.sign_in.conftest import ADA, GRACE, SignIn, secret

BOTH = pytest.mark.parametrize("identity", [ADA, GRACE], ids=["microsoft", "google"])


@BOTH
def test_a_person_signs_in_and_mail_can_be_read_for_an_hour(
    identity: Identity, sign_in: SignIn, sign_ins: SignIns, authority: Authority
) -> None:
    assert sign_in(identity).who == "ada@contoso.example"
    known = sign_ins.who(identity)
    assert known is not None
    assert known.who == "ada@contoso.example"
    tokens = sign_ins.credentials("support", identity, {"client_secret": "not-so-secret"}).tokens
    assert tokens is not None
    issued = authority.store.by_access(tokens.token())
    assert issued is not None
    assert set(identity.scopes) <= set(issued.scope.split())


@BOTH
def test_the_code_is_useless_without_what_only_this_program_knows(
    identity: Identity, sign_ins: SignIns, authority: Authority
) -> None:
    """PKCE (RFC 7636): the challenge goes through the browser, the verifier never does."""
    seen: list[dict[str, list[str]]] = []

    def show(url: str) -> bool:
        seen.append(parse_qs(urlsplit(url).query))
        return False

    with pytest.raises(ChannelError, match="no_browser"):
        sign_ins.in_browser(identity, secret, show, Event())
    (asked,) = seen
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["login_hint"] == [identity.user]
    assert "code_verifier" not in asked


def test_access_tokens_are_never_kept(sign_in: SignIn, sign_ins: SignIns, safe: Safe) -> None:
    sign_in(ADA)
    tokens = sign_ins.credentials("support", ADA).tokens
    assert tokens is not None
    assert tokens.token() not in "".join(safe.kept.values())


@BOTH
def test_consent_refused_is_told(identity: Identity, sign_in: SignIn, sign_ins: SignIns, authority: Authority) -> None:
    authority.person = None
    with pytest.raises(ChannelError) as caught:
        sign_in(identity)
    assert caught.value.code == "sign_in.consent_refused"
    assert sign_ins.who(identity) is None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("65004", "consent_refused"),
        ("90094", "admin_consent"),
        ("65001", "admin_consent"),
        ("53003", "blocked_by_policy"),
        ("50055", "password_expired"),
        ("50076", "multi_factor"),
        ("700016", "unknown_app"),
        ("50011", "redirect_not_registered"),
        ("50105", "not_assigned"),
        ("99999", "consent_refused"),
    ],
)
def test_what_the_sign_in_page_says_is_told_in_words(
    number: str, code: str, sign_in: SignIn, authority: Authority
) -> None:
    authority.refuse("/authorize", "access_denied", f"AADSTS{number}: So it is.\r\nTrace ID: 1\r\nTimestamp: 2")
    with pytest.raises(ChannelError) as caught:
        sign_in(ADA)
    assert caught.value.code == f"sign_in.{code}"
    assert "Trace" not in tr_error(caught.value)
    assert not caught.value.passing


def test_an_application_that_is_no_public_client_is_told(sign_in: SignIn, authority: Authority) -> None:
    words = "AADSTS7000218: The request body must contain client_assertion or client_secret."
    authority.refuse("/token", "invalid_client", words, 401)
    with pytest.raises(ChannelError, match="not_public_client") as caught:
        sign_in(ADA)
    assert "Allow public client flows" in tr_error(caught.value)


def test_a_wrong_google_client_secret_is_told(sign_ins: SignIns, authority: Authority) -> None:
    def show(url: str) -> bool:
        Thread(target=authority.browse, args=(url,)).start()
        return True

    with pytest.raises(ChannelError, match="client_refused"):
        sign_ins.in_browser(GRACE, lambda _name: "wrong", show, Event())


def test_an_unknown_organisation_is_told_before_the_browser_opens(sign_ins: SignIns) -> None:
    lost = Identity("microsoft", "ada@nowhere.example", "app", "nowhere.example", "global", ADA.scopes)
    with pytest.raises(ChannelError, match="unknown_tenant"):
        sign_ins.in_browser(lost, secret, pytest.fail, Event())


def test_each_cloud_has_its_own_authority(sign_ins: SignIns, authority: Authority) -> None:
    china = Identity("microsoft", "ada@contoso.example", "app", "contoso.example", "china", ADA.scopes)
    with pytest.raises(ChannelError, match="no_browser"):
        sign_ins.in_browser(china, secret, lambda _url: False, Event())
    assert authority.asked == ["/china/contoso.example/v2.0/.well-known/openid-configuration"]


@BOTH
def test_an_answer_to_another_sign_in_is_told_in_the_browser_and_waited_past(
    identity: Identity, sign_ins: SignIns, authority: Authority
) -> None:
    pages: list[httpx.Response] = []

    def browse(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        pages.append(httpx.get(back, params={"code": "stolen", "state": "guessed"}))
        pages.append(httpx.get(back, params={"nothing": "of interest"}))
        pages.append(authority.browse(url))

    threads: list[Thread] = []

    def show(url: str) -> bool:
        threads.append(Thread(target=browse, args=(url,)))
        threads[0].start()
        return True

    assert sign_ins.in_browser(identity, secret, show, Event()).who == "ada@contoso.example"
    threads[0].join()
    assert [each.status_code for each in pages] == [400, 404, 200]
    assert "another sign-in" in pages[0].text


def test_only_answers_to_another_sign_in_are_told_as_such(authority: Authority, safe: Safe) -> None:
    hurried = SignIns(Secrets({}), SystemClock(), authority.endpoints, browser_seconds=1)
    threads: list[Thread] = []

    def show(url: str) -> bool:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        threads.append(Thread(target=httpx.get, args=(back,), kwargs={"params": {"code": "c", "state": "guessed"}}))
        threads[0].start()
        return True

    with pytest.raises(ChannelError, match="wrong_state"):
        hurried.in_browser(ADA, secret, show, Event())
    threads[0].join()


def test_a_closed_browser_ends_the_wait(authority: Authority, safe: Safe) -> None:
    hurried = SignIns(Secrets({}), SystemClock(), authority.endpoints, browser_seconds=0.3)
    with pytest.raises(ChannelError, match="timed_out"):
        hurried.in_browser(ADA, secret, lambda _url: True, Event())


def test_the_wait_can_be_cancelled(sign_ins: SignIns) -> None:
    stop = Event()

    def show(_url: str) -> bool:
        stop.set()
        return True

    with pytest.raises(ChannelError, match="cancelled"):
        sign_ins.in_browser(ADA, secret, show, stop)


@BOTH
def test_a_code_that_was_used_before_is_told(identity: Identity, sign_ins: SignIns, authority: Authority) -> None:
    def browse(url: str) -> None:
        held = httpx.get(url, verify=authority.trusting)  # where the browser is sent, but does not go yet
        code = parse_qs(urlsplit(held.headers["Location"]).query)["code"][0]
        authority.store.codes.pop(code)  # somebody else redeems it
        httpx.get(held.headers["Location"])

    threads: list[Thread] = []

    def show(url: str) -> bool:
        threads.append(Thread(target=browse, args=(url,)))
        threads[0].start()
        return True

    with pytest.raises(ChannelError, match="code_used"):
        sign_ins.in_browser(identity, secret, show, Event())
    threads[0].join()


def test_no_port_is_told(sign_ins: SignIns, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_about: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(loopback, "_Server", refused)
    with pytest.raises(ChannelError, match="no_port") as caught:
        sign_ins.in_browser(ADA, secret, pytest.fail, Event())
    assert "Permission denied" in tr_error(caught.value)


def test_nobody_is_sent_to_sign_in_where_it_could_not_be_kept(sign_ins: SignIns) -> None:
    import keyring
    import keyring.backends.fail

    keyring.set_keyring(keyring.backends.fail.Keyring())
    with pytest.raises(KnownError, match=r"keyring\.no_sign_in"):
        sign_ins.in_browser(ADA, secret, pytest.fail, Event())


def test_a_server_that_cannot_be_reached_is_told(authority: Authority, safe: Safe) -> None:
    sign_ins = SignIns(Secrets({}), SystemClock(), authority.endpoints)
    authority.__exit__(None, None, None)
    with pytest.raises(ChannelError, match="unreachable") as caught:
        sign_ins.in_browser(ADA, secret, pytest.fail, Event())
    assert caught.value.passing
