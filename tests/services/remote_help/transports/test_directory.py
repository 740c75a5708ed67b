"""Operations on a real domain: what they do, what they refuse, and what is known when something breaks."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
import trustme
from pytest_socket import socket_allow_hosts

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.runs import Connection, Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.directory import DirectoryCarrier
from app.services.remote_help.transports.directory.servers import Place
from app.services.remote_help.transports.directory.session import Session, new_session
from app.services.remote_help.transports.interface import Job, Reach
from app.services.wording import tr_error
from tests.peers.ports import free_port
from tests.peers.samba import Domain
from tests.peers.samba.domain import ELSEWHERE, GROUPS, PASSWORD, ROOT, STAFF
from tests.peers.samba.way import Way
from tests.services.remote_help.transports.carrying import Said, carry, manifest, package, run

pytestmark = pytest.mark.needs_debian
Do = Callable[..., tuple[Ended, Said]]

HOSTILE = [
    "*",
    "ann*",
    ")(objectClass=*",
    "ann)(|(cn=*",
    "*)(uid=*))(|(uid=*",
    "\\2a",
    "a\\",
    "CN=x,OU=Staff,DC=corp,DC=example",
    "\u2018ann\u2019 \u201cso\u201d",
    "an\0n",
    "ann\n",
    "$(id) `id` ; | & > <",
    "\ud800",
    "ünïcode ☃ 𝒳",
    "a" * 1_000_000,
    "(" * 500,
]


@pytest.fixture(autouse=True)
def _also_the_domain(domain: Domain) -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost", domain.address], allow_unix_socket=True)


@pytest.fixture
def way(domain: Domain) -> Iterator[Way]:
    with domain.way() as found:
        yield found


@pytest.fixture
def do(domain: Domain, way: Way) -> Do:
    """Carry out an operation on an account."""

    def done(operation: str, target: str = "", **more: Any) -> tuple[Ended, Said]:
        said = Said()
        stop_when = more.pop("stop_when", None)
        return carry(DirectoryCarrier(), job(domain, way, operation, target, **more), said, stop_when), said

    return done


def job(domain: Domain, way: Way, operation: str, target: str = "", **more: Any) -> Job:
    names = {"find_user": ["text"], "add_group": ["group"], "remove_group": ["group"]}.get(operation, [])
    program = {"transport": "directory", "operation": operation}
    told = manifest(program, [{"name": each} for each in names], takes_target=operation != "find_user")
    made = Connection(
        new_id(),
        "corp",
        Transport.DIRECTORY,
        more.pop("address", way.name),
        more.pop("user", "helpdesk") + "@corp.example",
        more.pop("targets", (STAFF, GROUPS)),
        {"ca": domain.ca, **more.pop("options", {})},
    )
    secrets = {"password": more.pop("password", PASSWORD)}
    values = more.pop("values", {})
    return Job(package(told), target, made, secrets.get, values, 60.0, **more)


def problem(ended: Ended) -> str:
    if ended.problem is None:
        return ""
    assert not tr_error(ended.problem).startswith("error.")
    return ended.problem.code


def told(said: Said) -> str:
    return bytes(said.out).decode()


def test_an_account_is_found_by_a_part_of_its_name_and_only_where_the_connection_may_look(
    domain: Domain, do: Do
) -> None:
    inside = domain.person(name="Marguerite Inside", mail="marguerite@corp.example")
    domain.person(ELSEWHERE, name="Marguerite Outside")
    ended, said = do("find_user", values={"text": "Margue"})
    assert (ended.outcome, ended.remote) == (Outcome.SUCCEEDED, RemoteState.FINISHED)
    [(columns, rows)] = said.tables
    assert [dict(zip(columns, each, strict=True)) for each in rows] == [
        {
            "account": inside.account,
            "name": "Marguerite Inside",
            "mail": "marguerite@corp.example",
            "department": "",
            "enabled": "yes",
            "locked": "no",
            "unit": STAFF,
        }
    ]
    assert "1 found" in told(said)
    assert "1 more" in told(said)


def test_a_lock_is_seen_lifted_and_gone(domain: Domain, do: Do) -> None:
    person = domain.person()
    assert "is not locked" in told(do("lock_state", person.account)[1])
    person.lock()
    ended, said = do("lock_state", person.account)
    assert ended.outcome is Outcome.SUCCEEDED
    assert "is LOCKED since 20" in told(said)
    assert "unlocks by itself in about 30 min" in told(said)
    assert "security log of dc1.corp.example" in told(said)
    [(columns, [row])] = said.tables
    seen = dict(zip(columns, row, strict=True))
    assert seen["server"].startswith("localhost")
    assert (seen["wrong_passwords"], seen["problem"]) == ("3", "")
    ended, said = do("unlock", person.account)
    assert (ended.outcome, told(said)) == (Outcome.SUCCEEDED, f"{person.account} is unlocked.\n")
    assert person.sign_in() == ""
    assert "is not locked. Nothing was changed." in told(do("unlock", person.account)[1])


def test_every_server_is_asked_for_wrong_passwords_and_one_that_is_down_is_told(
    domain: Domain, way: Way, do: Do
) -> None:
    person = domain.person()
    person.sign_in("Wrong-Password-1")
    down = f"localhost:{free_port()}"
    with domain.way() as other:
        _, said = do("lock_state", person.account, address=f"{way.name} {down}, ldaps://{other.name}")
    [(columns, rows)] = said.tables
    seen = [dict(zip(columns, each, strict=True)) for each in rows]
    assert [each["server"] for each in seen] == [way.name, down, other.name]
    assert [each["wrong_passwords"] for each in seen] == ["1", "", "1"]
    assert "refuses connections" in seen[1]["problem"]


def test_why_somebody_cannot_sign_in_is_told_besides_a_lock(domain: Domain, do: Do) -> None:
    person = domain.person()
    domain.change(person.dn, userAccountControl="514", accountExpires="116444736000000000", pwdLastSet="0")
    said = told(do("lock_state", person.account)[1])
    assert "is disabled" in said
    assert "has expired: 1970-01-01" in said
    assert "must be changed" in said


def test_a_reset_shows_the_password_once_unlocks_and_makes_it_be_changed(domain: Domain, do: Do) -> None:
    person = domain.person()
    person.lock()
    ended, said = do("reset_password", person.account)
    assert ended.outcome is Outcome.SUCCEEDED
    [password] = said.revealed.values()
    assert password not in told(said)
    assert len(password) >= 16
    assert " 773," in person.sign_in(password)
    assert " 52e," in person.sign_in(PASSWORD)
    assert do("reset_password", person.account)[1].revealed[f"New password of {person.account}"] != password


def test_a_reset_obeys_the_length_that_the_domain_wants(domain: Domain, do: Do) -> None:
    person = domain.person()
    domain.change(ROOT, minPwdLength="33")
    try:
        ended, said = do("reset_password", person.account)
    finally:
        domain.change(ROOT, minPwdLength="7")
    assert ended.outcome is Outcome.SUCCEEDED
    assert min(map(len, said.revealed.values())) >= 33


def test_a_password_that_the_policy_refuses_changes_nothing_and_is_shown_to_nobody(domain: Domain, do: Do) -> None:
    person = domain.person()
    name = f"strict-{person.account}"
    domain.tool("domain", "passwordsettings", "pso", "create", name, "1", "--min-pwd-length=60")
    domain.tool("domain", "passwordsettings", "pso", "apply", name, person.account)
    ended, said = do("reset_password", person.account)
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.NEVER_STARTED)
    assert problem(ended) == "directory.policy"
    assert said.revealed == {}
    assert person.sign_in() == ""


def test_a_dry_run_changes_nothing(domain: Domain, do: Do) -> None:
    person = domain.person()
    person.lock()
    for operation in ("unlock", "reset_password", "disable"):
        ended, said = do(operation, person.account, user="engineer", dry_run=True)
        assert ended.outcome is Outcome.SUCCEEDED
        assert "Nothing was changed" in told(said)
        assert said.revealed == {}
    assert " 775," in person.sign_in()


def test_accounts_are_disabled_and_enabled_by_who_may(domain: Domain, do: Do) -> None:
    person = domain.person()
    ended, _ = do("disable", person.account)
    assert (ended.outcome, problem(ended)) == (Outcome.FAILED, "directory.denied")
    assert do("disable", person.account, user="engineer")[0].outcome is Outcome.SUCCEEDED
    assert " 533," in person.sign_in()
    assert "already" in told(do("disable", person.account, user="engineer")[1])
    assert do("enable", person.account, user="engineer")[0].outcome is Outcome.SUCCEEDED
    assert person.sign_in() == ""


def test_groups_are_shown_and_members_added_and_removed(domain: Domain, do: Do) -> None:
    person, (name, dn) = domain.person(name="Lee, Ünï (x) #1 *\\"), domain.group()
    values = {"group": name.upper()}
    ended, said = do("add_group", person.account, user="engineer", values=values)
    assert (ended.outcome, problem(ended)) == (Outcome.SUCCEEDED, "")
    assert f"is in {name} now" in told(said)
    assert len(domain.read(dn, "member")["member"]) == 1
    assert "already" in told(do("add_group", person.account, user="engineer", values=values)[1])
    [(columns, rows)] = do("groups", person.account)[1].tables
    assert (columns, rows) == (("group", "description", "unit"), [(name, "for tests", GROUPS)])
    assert do("remove_group", person.account, user="engineer", values=values)[0].outcome is Outcome.SUCCEEDED
    assert domain.read(dn, "member")["member"] == []
    assert "not in" in told(do("remove_group", person.account, user="engineer", values=values)[1])
    ended, _ = do("add_group", person.account, user="engineer", values={"group": "*"})
    assert problem(ended) == "directory.no_group"


def test_who_lies_outside_of_the_allow_list_is_refused_before_anything_is_written(domain: Domain, do: Do) -> None:
    outside, inside = domain.person(ELSEWHERE), domain.person()
    outside.lock()
    for operation in ("unlock", "reset_password", "disable", "groups", "lock_state"):
        ended, said = do(operation, outside.account, user="administrator")
        assert (ended.outcome, problem(ended)) == (Outcome.REFUSED, "directory.outside"), operation
        assert said.revealed == {}
    assert " 775," in outside.sign_in()
    for units in ((), (f"OU=Sub,{STAFF}",), ("OU=Staff",), (f"{STAFF},DC=more",)):
        ended, _ = do("unlock", inside.account, targets=units)
        assert problem(ended) == "directory.outside", units
    group, _ = domain.group(ELSEWHERE)
    ended, _ = do("add_group", inside.account, user="administrator", values={"group": group})
    assert (ended.outcome, problem(ended)) == (Outcome.REFUSED, "directory.outside")


def test_an_account_whose_name_looks_like_a_unit_is_outside_all_the_same(domain: Domain, do: Do) -> None:
    sly = domain.person(ELSEWHERE, name=f"x,{STAFF}")
    ended, _ = do("unlock", sly.account, user="administrator")
    assert problem(ended) == "directory.outside"


def test_who_rules_the_domain_is_not_touched_through_however_many_groups(domain: Domain, do: Do) -> None:
    boss, ann = domain.person(), domain.person()
    deep, deep_dn = domain.group(members=(boss.dn,), within=f"CN=Domain Admins,CN=Users,{ROOT}")
    deeper, _ = domain.group(within=deep_dn)
    for target in ("administrator", "krbtgt", boss.account):
        for operation in ("unlock", "reset_password", "disable"):
            ended, said = do(operation, target, targets=(ROOT,), user="administrator")
            assert (ended.outcome, problem(ended)) == (Outcome.REFUSED, "directory.protected"), target
            assert said.revealed == {}
    for group in ("Domain Admins", "Administrators", deep, deeper):
        ended, _ = do("add_group", ann.account, targets=(ROOT,), user="administrator", values={"group": group})
        assert (ended.outcome, problem(ended)) == (Outcome.REFUSED, "directory.protected_group"), group


def test_the_directory_itself_refuses_the_desks_account_outside_of_its_unit(
    domain: Domain, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = domain.person(ELSEWHERE)
    ended, said = do("reset_password", outside.account, targets=(ROOT,))
    assert (ended.outcome, problem(ended), said.revealed) == (Outcome.FAILED, "directory.denied", {})
    assert outside.sign_in() == ""
    from app.services.remote_help.transports.directory import guarding

    monkeypatch.setattr(guarding, "require_ordinary", lambda *_: None)
    ended, said = do("reset_password", "administrator", targets=(ROOT,))
    assert (ended.outcome, problem(ended), said.revealed) == (Outcome.FAILED, "directory.denied", {})
    assert domain.sign_in("administrator@corp.example", PASSWORD) == ""


def test_a_name_that_two_have_asks_which_and_shows_them(domain: Domain, do: Do) -> None:
    one, two = domain.person(mail="team@corp.example"), domain.person(mail="team@corp.example")
    ended, said = do("reset_password", "team@corp.example")
    assert (ended.outcome, problem(ended)) == (Outcome.FAILED, "directory.two_accounts")
    assert [each[0] for each in said.tables[0][1]] == sorted((one.account, two.account))
    assert one.account in str(ended.problem)
    assert said.revealed == {}
    assert (one.sign_in(), two.sign_in()) == ("", "")


@pytest.mark.parametrize("value", HOSTILE, ids=lambda each: ascii(each)[:20])
def test_no_value_means_anything_to_the_directory(domain: Domain, do: Do, value: str) -> None:
    for operation in ("unlock", "reset_password"):
        ended, said = do(operation, value)
        assert (ended.outcome, problem(ended)) == (Outcome.FAILED, "directory.no_account")
        assert said.revealed == {}
    person = domain.person()
    ended, _ = do("add_group", person.account, user="engineer", values={"group": value})
    assert ended.outcome is Outcome.FAILED
    ended, said = do("find_user", values={"text": value})
    assert not any(rows for _, rows in said.tables)


def test_who_the_server_is_must_be_proved(domain: Domain, way: Way, do: Do) -> None:
    person = domain.person()
    stranger = trustme.CA().cert_pem.bytes().decode()
    refusals = {
        "directory.certificate_unknown": {"options": {"ca": stranger}},
        "directory.certificate_name": {"address": f"127.0.0.1:{way.port}"},
        "directory.bad_ca": {"options": {"ca": "no certificate"}},
    }
    for code, more in refusals.items():
        ended, _ = do("unlock", person.account, **more)
        assert (ended.outcome, ended.remote, problem(ended)) == (Outcome.FAILED, RemoteState.NEVER_STARTED, code)
    assert problem(do("unlock", person.account, options={"ca": ""})[0]) == "directory.certificate_unknown"


def test_a_certificate_that_has_run_out_is_told_with_the_clock_in_mind(tmp_path: Any, do: Do) -> None:
    from datetime import UTC, datetime

    from tests.services.remote_help.transports.tls_server import tls_server

    authority = trustme.CA()
    past = (datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))
    old = authority.issue_cert("localhost", not_before=past[0], not_after=past[1])
    with tls_server(old) as port:
        ended, _ = do("unlock", "ann", address=f"localhost:{port}", options={"ca": authority.cert_pem.bytes().decode()})
    assert problem(ended) == "directory.certificate_time"


def test_a_server_that_is_not_there_is_passed_by_and_one_that_is_there_is_enough(
    domain: Domain, way: Way, do: Do
) -> None:
    person = domain.person()
    person.lock()
    ended, said = do("unlock", person.account, address=f"dc1.nowhere.invalid localhost:{free_port()} {way.name}")
    assert ended.outcome is Outcome.SUCCEEDED
    assert said.shares == [None, None]
    assert person.sign_in() == ""
    assert problem(do("unlock", "ann", address="dc1.nowhere.invalid")[0]) == "directory.unknown_host"
    assert problem(do("unlock", "ann", address=f"localhost:{free_port()}")[0]) == "directory.refused_port"
    for wrong in ("", "ldap://dc1", "dc1:0", "dc1:99999", "a b/c", "dc_!"):
        assert problem(do("unlock", "ann", address=wrong)[0]) == "directory.bad_address", wrong


def test_the_desks_own_sign_in_is_refused_in_words_and_tried_once(domain: Domain, way: Way, do: Do) -> None:
    person = domain.person()
    seen = {}

    def tried(password: str = PASSWORD) -> str:
        ended, _ = do("unlock", "ann", user=person.account, password=password, address=f"{way.name} {way.name}")
        assert ended.remote is RemoteState.NEVER_STARTED
        assert password not in repr(ended) or not password
        return problem(ended).removeprefix("directory.sign_in.")

    seen["52e"] = tried("Wrong-Password-1")
    assert domain.read(person.dn, "badPwdCount")["badPwdCount"] == [b"1"]
    assert tried("") == "directory.no_secret"
    person.lock()
    seen["775"] = tried()
    domain.change(person.dn, lockoutTime="0", pwdLastSet="0")
    seen["773"] = tried()
    domain.change(person.dn, pwdLastSet="-1", userAccountControl="514")
    seen["533"] = tried()
    domain.change(person.dn, userAccountControl="512", accountExpires="116444736000000000")
    seen["701"] = tried()
    assert seen == {
        "52e": "wrong_password",
        "775": "locked",
        "773": "must_change",
        "533": "disabled",
        "701": "expired",
    }


@pytest.mark.parametrize("breaks", ["cut", "hold"])
def test_a_connection_that_breaks_after_a_change_was_sent_says_that_nobody_knows(
    domain: Domain, way: Way, do: Do, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    person = domain.person()
    modify = Session.modify

    def broken(session: Session, *told: Any) -> None:
        way.hold()
        if breaks == "cut":
            threading.Timer(0.2, way.cut).start()
        modify(session, *told)

    monkeypatch.setattr(Session, "modify", broken)
    monkeypatch.setattr("app.services.remote_help.transports.directory.session._ANSWERING", 2)
    ended, said = do("reset_password", person.account)
    assert (ended.outcome, ended.remote, problem(ended)) == (Outcome.LOST, RemoteState.UNKNOWN, "directory.cut")
    assert said.revealed == {}


def test_a_connection_that_breaks_before_says_that_nothing_was_changed(
    domain: Domain, way: Way, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = domain.person()
    from app.services.remote_help.transports.directory import guarding

    def broken(*_: Any) -> None:
        way.cut()

    monkeypatch.setattr(guarding, "require_within", broken)
    ended, _ = do("reset_password", person.account)
    assert (ended.outcome, ended.remote, problem(ended)) == (
        Outcome.LOST,
        RemoteState.NEVER_STARTED,
        "directory.lost",
    )
    assert person.sign_in() == ""


def test_a_stop_while_it_waits_ends_it_at_once_and_changes_nothing(
    domain: Domain, way: Way, do: Do, monkeypatch: pytest.MonkeyPatch
) -> None:

    from app.services.remote_help.transports.directory import guarding
    from app.services.remote_help.transports.interface import Stop

    person = domain.person()
    ordinary = guarding.require_ordinary

    async def running() -> Ended:
        stop = Stop()

        def waits(*told: Any) -> None:
            way.hold()
            threading.Timer(0.2, stop.ask, (Outcome.TIMED_OUT,)).start()
            ordinary(*told)

        monkeypatch.setattr(guarding, "require_ordinary", waits)
        return await DirectoryCarrier().run(job(domain, way, "reset_password", person.account), Said(), stop)

    ended = run(running())
    assert (ended.outcome, ended.remote) == (Outcome.TIMED_OUT, RemoteState.NEVER_STARTED)
    assert person.sign_in() == ""


def test_a_stop_that_comes_when_the_change_is_on_its_way_shows_the_password_all_the_same(
    domain: Domain, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.remote_help.transports.interface import Stop

    person, said, modify = domain.person(), Said(), Session.modify

    async def running() -> Ended:
        stop = Stop()

        def asked(session: Session, *told: Any) -> None:
            session.writing = True
            stop.ask(Outcome.CANCELLED)
            modify(session, *told)

        monkeypatch.setattr(Session, "modify", asked)
        return await DirectoryCarrier().run(job(domain, way, "reset_password", person.account), said, stop)

    ended = run(running())
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.FINISHED)
    [password] = said.revealed.values()
    assert " 773," in person.sign_in(password)


def test_a_stop_while_a_server_says_nothing_at_all_ends_it(domain: Domain, way: Way) -> None:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    way.hold()

    async def running() -> Ended:
        stop = Stop()
        asyncio.get_running_loop().call_later(0.3, stop.ask, Outcome.CANCELLED)
        return await DirectoryCarrier().run(job(domain, way, "unlock", "ann"), Said(), stop)

    ended = run(running())
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.NEVER_STARTED)


def test_a_clock_that_is_far_off_is_told(domain: Domain, way: Way) -> None:
    from datetime import UTC, datetime, timedelta

    class Fast:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(minutes=12)

    person, said = domain.person(), Said()
    ended = carry(DirectoryCarrier(Fast()), job(domain, way, "lock_state", person.account), said)
    assert (ended.outcome, said.shares) == (Outcome.SUCCEEDED, [None])
    reach = job(domain, way, "unlock", "ann").reach
    assert "directory.clock" not in [each.code for each in run(DirectoryCarrier(Fast()).probe(reach))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "message", "code"),
    [
        (10, "", "directory.referral"),
        (19, "0000052D: Constraint violation - too short", "directory.policy"),
        (53, "0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0", "directory.policy"),
        (50, "00000005: SecErr: DSID-03152E13, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n\0", "directory.denied"),
        (51, "", "directory.server_busy"),
        (53, "0000001F: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0", "directory.refused"),
        (99, "", "directory.refused"),
    ],
)
def test_what_windows_answers_has_words_as_well(number: int, message: str, code: str) -> None:
    """As https://learn.microsoft.com/openspecs/windows_protocols/ms-adts tells it; no Windows is there to ask."""

    class Answering:
        result: ClassVar = {
            "result": number,
            "message": message,
            "referrals": ["ldap://dc9.sub.corp.example/DC=sub,DC=corp"],
        }

        def modify(self, *_told: Any) -> None:
            """It is answered at once."""

    session = new_session(Place("dc1.corp.example", 636), "", "helpdesk", PASSWORD)
    session._connection = Answering()
    with pytest.raises(KnownError) as told:
        session.modify("CN=x", {})
    assert told.value.code == code
    assert not session.writing
    words = tr_error(told.value)
    assert "dc1.corp.example" in words
    assert ("dc9.sub.corp.example" in words) == (number == 10)
    assert PASSWORD not in repr(session)


def test_a_part_of_the_directory_that_is_not_there_is_told(do: Do) -> None:
    ended, _ = do("unlock", "ann", options={"base": "DC=other,DC=example"})
    assert problem(ended) == "directory.gone"
    assert ended.remote is RemoteState.NEVER_STARTED
    assert problem(do("unlock", "ann", options={"base": "elsewhere"})[0]) == "directory.no_name"


def test_the_rights_that_the_documentation_gives_are_those_that_were_tested() -> None:
    from pathlib import Path

    from tests.peers.samba.domain import ENGINEER_RIGHTS, GROUP_RIGHTS, HELPDESK_RIGHTS

    told = Path(__file__).parents[4].joinpath("docs/remote-help-directory.md").read_text()
    for each in (*HELPDESK_RIGHTS, *ENGINEER_RIGHTS, *GROUP_RIGHTS):
        assert each.format(sid="SID") in told


def test_a_test_of_the_connection_tells_each_step(domain: Domain, way: Way) -> None:
    told = job(domain, way, "unlock", "ann").reach
    assert [each.code for each in run(DirectoryCarrier().probe(told))] == [  # type: ignore[arg-type]
        "directory.verified",
        "directory.signed_in",
        "directory.unit",
        "directory.unit",
        "directory.clock",
    ]
    nowhere = job(domain, way, "unlock", "ann", targets=(f"OU=Nowhere,{ROOT}",)).reach
    with pytest.raises(KnownError, match=r"directory\.gone"):
        run(DirectoryCarrier().probe(nowhere))  # type: ignore[arg-type]


def test_a_preview_says_what_will_be_written_where_as_whom(domain: Domain, way: Way) -> None:
    preview = DirectoryCarrier().preview(job(domain, way, "reset_password", "ann", dry_run=True))
    assert preview == (
        f"ldaps://{way.name} as helpdesk@corp.example  "
        "modify ann: unicodePwd=•••• lockoutTime=0 pwdLastSet=0  (dry run)"
    )
    preview = DirectoryCarrier().preview(job(domain, way, "add_group", "ann", values={"group": "VPN"}))
    assert preview.endswith("modify VPN: member +ann")
    assert isinstance(job(domain, way, "unlock").reach, Reach)
