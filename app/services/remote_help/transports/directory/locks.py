"""Why somebody cannot sign in: locked, disabled, expired, and what each domain controller knows of wrong passwords."""

from dataclasses import dataclass
from datetime import datetime

from app.models.errors import KnownError
from app.services.remote_help.transports.directory.accounts import Account
from app.services.remote_help.transports.directory.servers import Place
from app.services.remote_help.transports.directory.session import Entry, Session
from app.services.remote_help.transports.directory.task import Task, shown
from app.services.wording import tr_error

_OF_ONE_SERVER = ("badPwdCount", "badPasswordTime", "lastLogon", "lockoutTime")
"""Not replicated, all but the last: each domain controller has its own."""

COLUMNS = ("server", "wrong_passwords", "last_wrong_password", "last_sign_in", "locked_at", "problem")


@dataclass(frozen=True, slots=True)
class _Seen:
    place: Place
    entry: Entry | None
    problem: str = ""

    @property
    def last_wrong(self) -> datetime | None:
        return self.entry.instant("badPasswordTime") if self.entry is not None else None

    def row(self) -> tuple[str, ...]:
        if self.entry is None:
            return (str(self.place), "", "", "", "", self.problem)
        times = (shown(self.entry.instant(each)) for each in ("badPasswordTime", "lastLogon", "lockoutTime"))
        return (str(self.place), str(self.entry.number("badPwdCount")), *times, "")


def lock_state(task: Task) -> None:
    """Whether they are locked and since when, what else keeps them out, and where the wrong passwords arrived.

    The directory does not know which computer sent them: the log of the domain controller does.
    """
    account = task.account()
    _say_lock(task, account)
    _say_other_reasons(task, account)
    seen = [_look(task, each, account) for each in task.places]
    task.output.table(COLUMNS, [each.row() for each in seen])
    tried = [(each.last_wrong, each.place) for each in seen if each.last_wrong is not None]
    if tried:
        when, place = max(tried, key=lambda each: each[0])
        task.say("wrong_at", server=place, when=shown(when))
        task.say("which_computer", server=_keeper(task) or place)


def _say_lock(task: Task, account: Account) -> None:
    since = account.locked_since
    if account.is_locked:
        task.say("locked", account=account.account, name=account.name, since=shown(since))
        lasts = -task.session.read(task.base_of_domain, ("lockoutDuration",)).number("lockoutDuration") // 10_000_000
        over = (since.timestamp() + lasts - task.now.timestamp()) if since is not None else 0
        if lasts > 0 and over > 0:
            task.say("lock_ends", minutes=max(1, round(over / 60)))
    elif since is not None:
        task.say("lock_is_over", account=account.account, name=account.name, since=shown(since))
    else:
        task.say("no_lock", account=account.account, name=account.name)


def _say_other_reasons(task: Task, account: Account) -> None:
    if account.is_disabled:
        task.say("is_disabled")
    if account.expires is not None and account.expires <= task.now:
        task.say("account_expired", when=shown(account.expires))
    if account.must_change:
        task.say("must_change")
    elif account.is_password_expired:
        task.say("password_expired", when=shown(account.password_expires))
    else:
        task.say("password_age", since=shown(account.password_set), until=shown(account.password_expires))


def _look(task: Task, place: Place, account: Account) -> _Seen:
    """A domain controller that cannot be asked is told as such."""
    task.check()
    if place == task.session.place:
        return _Seen(place, task.session.read(account.dn, _OF_ONE_SERVER))
    try:
        session: Session = task.open_other(place)
    except KnownError as error:
        return _Seen(place, None, tr_error(error))
    try:
        return _Seen(place, session.read(account.dn, _OF_ONE_SERVER))
    except KnownError as error:
        return _Seen(place, None, tr_error(error))
    finally:
        session.close()


def _keeper(task: Task) -> str:
    """The domain controller that hears of every wrong password (the PDC emulator); empty where it is not told."""
    settings = task.session.read(task.base_of_domain, ("fSMORoleOwner",)).text("fSMORoleOwner")
    try:
        return task.session.read(settings.partition(",")[2], ("dNSHostName",)).text("dNSHostName") if settings else ""
    except KnownError:
        return ""
