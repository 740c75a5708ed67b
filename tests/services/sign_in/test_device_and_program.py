"""A person signs in on another device; a program signs in as itself, with a certificate."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from app.models.clock import SystemClock
from app.models.errors import ChannelError
from app.services.secrets import Secrets
from app.services.sign_in import DeviceCode, SignIns
from app.services.sign_in.microsoft import MicrosoftClient
from tests.peers.authority.server import Authority
from tests.services.secrets.test_secrets import Safe
from tests.services.sign_in.conftest import ADA

WORKER = replace(ADA, user="support@contoso.example", scopes=("https://graph.microsoft.com/.default",), app_only=True)


def certificate() -> tuple[str, str]:
    """A certificate and its key, both as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "worker")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    ).sign(key, hashes.SHA256())
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    shown = made.public_bytes(serialization.Encoding.PEM).decode()
    return shown, key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def test_a_person_signs_in_on_another_device(sign_ins: SignIns, authority: Authority) -> None:
    shown: list[DeviceCode] = []

    def show(code: DeviceCode) -> None:
        shown.append(code)
        authority.approve(code.user_code)

    assert sign_ins.by_device(ADA, show, Event()).who == "ada@contoso.example"
    assert shown[0].address == f"{authority.url}/device"
    tokens = sign_ins.credentials("support", ADA).tokens
    assert tokens is not None
    assert authority.store.by_access(tokens.token()) is not None


def test_it_is_asked_more_slowly_where_the_server_wants_so(sign_ins: SignIns, authority: Authority) -> None:
    client = MicrosoftClient(ADA, authority.endpoints)
    code = client.begin_device()
    next(iter(authority.store.devices.values())).slow_downs = 1
    before = code.interval
    assert client.ask_device(code) is None
    assert code.interval >= before + 5
    slowed = code.interval
    assert client.ask_device(code) is None
    assert code.interval == slowed
    authority.approve(code.user_code)
    assert client.ask_device(code) is not None


def test_a_code_that_nobody_entered_expires(sign_ins: SignIns, authority: Authority) -> None:
    def show(_code: DeviceCode) -> None:
        next(iter(authority.store.devices.values())).until = 0

    with pytest.raises(ChannelError, match="device_code_expired"):
        sign_ins.by_device(ADA, show, Event())


def test_somebody_who_declines_there_is_told(sign_ins: SignIns, authority: Authority) -> None:
    with pytest.raises(ChannelError, match="consent_refused"):
        sign_ins.by_device(ADA, lambda code: authority.approve(code.user_code, approved=False), Event())


def test_waiting_for_the_device_can_be_cancelled(sign_ins: SignIns) -> None:
    stop = Event()
    with pytest.raises(ChannelError, match="cancelled"):
        sign_ins.by_device(ADA, lambda _code: stop.set(), stop)


@pytest.mark.parametrize(
    ("path", "words", "code"),
    [
        ("/devicecode", "AADSTS7000218: must contain client_assertion or client_secret", "not_public_client"),
        ("/devicecode", "AADSTS700016: Application not found", "unknown_app"),
        ("/token", "AADSTS530033: device code flow is blocked", "device_code_blocked"),
        ("/token", "AADSTS50199: it is something else", "refused"),
    ],
)
def test_a_tenant_that_blocks_device_codes_is_told(
    path: str, words: str, code: str, sign_ins: SignIns, authority: Authority
) -> None:
    authority.refuse(path, "access_blocked", words)
    with pytest.raises(ChannelError, match=f"sign_in.{code}"):
        sign_ins.by_device(ADA, lambda _code: None, Event())


def test_device_codes_blocked_by_conditional_access_point_to_the_browser(
    sign_ins: SignIns, authority: Authority
) -> None:
    authority.refuse("/token", "access_denied", "AADSTS53003: Access has been blocked by Conditional Access policies.")
    with pytest.raises(ChannelError, match="device_code_blocked"):
        sign_ins.by_device(ADA, lambda _code: None, Event())


@pytest.mark.parametrize("line_end", ["\n", "\\n", " ", "\r\n"])
def test_a_program_proves_that_it_holds_the_key_of_its_certificate(
    line_end: str, authority: Authority, safe: Safe
) -> None:
    shown, key = certificate()
    authority.register("app", certificate=shown)
    secrets = Secrets({"FIRSTLINE_SECRET_CHANNEL_SUPPORT_CERTIFICATE": (shown + key).replace("\n", line_end)})
    tokens = SignIns(secrets, SystemClock(), authority.endpoints).credentials("support", WORKER).tokens
    assert tokens is not None
    first = tokens.token()
    assert authority.store.by_access(first) is not None
    assert tokens.token() == first
    assert tokens.token(first) != first
    assert safe.kept == {}


def test_another_certificate_is_refused_by_the_server(authority: Authority, safe: Safe) -> None:
    authority.register("app", certificate=certificate()[0])
    tokens = (
        SignIns(Secrets({}), SystemClock(), authority.endpoints)
        .credentials("support", WORKER, {"certificate": "".join(certificate())})
        .tokens
    )
    assert tokens is not None
    with pytest.raises(ChannelError, match="certificate_refused"):
        tokens.token()


@pytest.mark.parametrize("pem", ["not PEM", certificate()[0], "-----BEGIN CERTIFICATE----- PRIVATE KEY"])
def test_a_certificate_that_is_none_is_told(pem: str, authority: Authority, safe: Safe) -> None:
    sign_ins = SignIns(Secrets({}), SystemClock(), authority.endpoints)
    tokens = sign_ins.credentials("support", WORKER, {"certificate": pem}).tokens
    assert tokens is not None
    with pytest.raises(ChannelError, match="certificate_unusable"):
        tokens.token()


def test_no_certificate_is_told(sign_ins: SignIns) -> None:
    tokens = sign_ins.credentials("support", WORKER).tokens
    assert tokens is not None
    with pytest.raises(ChannelError, match="no_certificate"):
        tokens.token()
