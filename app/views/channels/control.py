"""What the channels dialog does: read the channels, test one, store one, keep its passwords."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Team
from app.services import accounts, staff
from app.services.accounts import moving
from app.services.desk import Desk
from app.services.secrets import channel_secret
from app.services.wording import tr
from app.views.channels.accounts_model import ChannelLine, channel_lines
from app.views.kit.task_runner import TaskRunner


class Channels(NamedTuple):
    """All channels, and the teams that one can bring its requests to."""

    lines: Sequence[ChannelLine]
    teams: Sequence[Team]


class ChannelsControl(QObject):
    """`tested` brings a sentence for each step that worked, `refused` what stopped a test.

    `stored` brings the name of a channel that is in the database now. `failed` tells what went wrong otherwise; a
    password that could not be kept is told after `stored`, for the channel itself is there.
    """

    listed = Signal(Channels)
    tested = Signal(list)
    refused = Signal(KnownError)
    stored = Signal(str)
    failed = Signal(KnownError)
    left = Signal(str, bool)
    """The name of a channel, and whether the keyring has what its former kind signed in with."""

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._tests = QObject(self)

    def look(self) -> None:
        database = self._desk.database

        def read() -> Channels:
            lines = channel_lines(accounts.listed(database), accounts.health(database))
            return Channels(lines, staff.teams(database))

        self._runner.read(self, read, self.listed.emit, self.failed.emit, lane="channels")

    def test(self, account: ChannelAccount, entered: Mapping[str, str]) -> None:
        """Try an account as it is entered, stored or not; `entered` are passwords that the keyring does not have."""
        credentials_of = partial(self._desk.sign_ins.credentials, entered=entered)
        limit = self._desk.settings.max_mail_bytes

        def work() -> list[str]:
            return [tr(f"probe.{each.code}", **each.facts) for each in accounts.try_out(account, credentials_of, limit)]

        self._runner.read(self._tests, work, self.tested.emit, self.refused.emit, lane="test")

    def forget_test(self) -> None:
        """Nobody waits for the result of a test any more."""
        self._runner.drop(self._tests)

    def store(self, account: ChannelAccount, entered: Mapping[str, str], *, is_new: bool) -> None:
        """Add or change a channel, then keep its passwords: a name that is taken must not cost another's password."""
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None

        def write() -> None:
            if is_new:
                accounts.add(database, actor, account)
            else:
                accounts.change(database, actor, account)

        self._write(write, account.name, entered)

    def move(self, known: ChannelAccount, account: ChannelAccount, entered: Mapping[str, str]) -> None:
        """Let the connector of `account` have the channel from now on; tickets and what waits stay with it."""
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        write = partial(moving.move, database, actor, known, account.kind, account.config)
        self._write(write, account.name, entered)

    def look_behind(self, account: ChannelAccount) -> None:
        """Whether anything is left of a former kind; a keyring that does not answer is told of where it is needed."""
        look = partial(moving.left_behind, account)
        told = lambda names: self.left.emit(account.name, bool(names))  # noqa: E731
        self._runner.read(self, look, told, lambda _error: None, lane=f"left {account.name}")

    def forget_left(self, account: ChannelAccount) -> None:
        """Remove it from the keyring."""
        forget = partial(moving.forget_left_behind, account)
        self._runner.write(self, forget, lambda _count: self.look_behind(account), self._not_forgotten(account))

    def _not_forgotten(self, account: ChannelAccount) -> Callable[[KnownError], None]:
        def failed(error: KnownError) -> None:
            self.left.emit(account.name, True)
            self.failed.emit(error)

        return failed

    def _write(self, write: Callable[[], object], name: str, entered: Mapping[str, str]) -> None:
        secrets = self._desk.secrets

        def work() -> KnownError | None:
            write()
            try:
                for field, value in entered.items():
                    secrets.set(channel_secret(name, field), value)
            except KnownError as error:
                return error
            return None

        def done(problem: KnownError | None) -> None:
            self.stored.emit(name)
            if problem is not None:
                self.failed.emit(problem)

        self._runner.write(self, work, done, self.failed.emit)
