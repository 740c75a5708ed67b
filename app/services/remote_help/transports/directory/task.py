"""One operation on one account while it is carried out: what it may use, and how it says what it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.models.records.runs import Stream
from app.models.rules.distinguished_names import unit_of
from app.services.remote_help.transports.directory import accounts, guarding
from app.services.remote_help.transports.directory.accounts import Account
from app.services.remote_help.transports.directory.servers import DirectoryOptions, Place
from app.services.remote_help.transports.directory.session import Session
from app.services.remote_help.transports.interface import Job, Output
from app.services.wording import tr

COLUMNS = ("account", "name", "mail", "department", "enabled", "locked", "unit")
"""Of the accounts that were found."""


class Stopped(Exception):
    """Somebody asked to end it, and nothing was changed."""


@dataclass
class Task:
    """`open_other` signs in to another server of the connection; `check` raises `Stopped` once a stop was asked for."""

    job: Job
    options: DirectoryOptions
    output: Output
    session: Session
    base: str
    """Where it searches."""

    base_of_domain: str
    now: datetime
    """As the server tells it."""

    places: Sequence[Place]
    open_other: Callable[[Place], Session]
    check: Callable[[], None]

    def value(self, name: str) -> str:
        found = self.job.values.get(name)
        return str(found).strip() if found is not None else ""

    def say(self, key: str, **facts: object) -> None:
        """A line of the result, in the language that is spoken."""
        self.output.write(Stream.OUT, (tr(f"directory.{key}", **facts) + "\n").encode())

    def note(self, key: str, **facts: object) -> None:
        """A word of the desk's own about how it goes."""
        self.output.progress(None, tr(f"directory.{key}", **facts))

    def account(self) -> Account:
        """The target, where the connection may see it. `KnownError`; those that it may be are shown."""
        name = self.job.target
        found = accounts.named_so(self.session, self.base, name)
        if len(found) > 1:
            self.show(found)
        account = accounts.only(found, name)
        guarding.require_within(self.job.connection, account.dn, account.account)
        return account

    def ordinary_account(self) -> Account:
        """The same, where it is nobody who rules the domain."""
        account = self.account()
        guarding.require_ordinary(self.session, account)
        return account

    def show(self, found: Sequence[Account]) -> None:
        rows = [
            (
                each.account,
                each.name,
                each.entry.text("mail"),
                each.entry.text("department"),
                _yes(not each.is_disabled),
                _yes(each.is_locked),
                unit_of(each.dn),
            )
            for each in found
        ]
        self.output.table(COLUMNS, rows)

    def change(self, dn: str, changes: Mapping[str, Sequence[tuple[str, Sequence[bytes]]]]) -> bool:
        """Whether it was done: in a dry run nothing is. `KnownError`; `Lost`; `Stopped`."""
        self.check()
        if self.job.dry_run:
            self.say("dry_run")
            return False
        self.session.modify(dn, changes)
        return True


def shown(instant: datetime | None) -> str:
    """A point in time as it stands in a result."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if instant is not None else tr("directory.never")


def _yes(told: bool) -> str:
    return tr("directory.yes" if told else "directory.no")
