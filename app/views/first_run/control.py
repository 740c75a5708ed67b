"""What the first run does off the GUI thread: look at a database, try a mailbox, carry the plan out."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.models.clock import Clock
from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.services import accounts
from app.services.joining import Found, Plan, decide, look
from app.services.joining.deciding import DATABASE_SECRET
from app.services.secrets import Secrets
from app.services.settings import Profile, Settings
from app.services.sign_in import SignIns
from app.services.wording import tr
from app.views.kit.task_runner import TaskRunner


class FirstRunControl(QObject):
    """`found` and `refused` answer `look`, `mailbox_works` and `mailbox_refused` answer `try_mailbox`, `decided` and
    `failed` answer `decide`."""

    found = Signal(Found)
    refused = Signal(KnownError)
    mailbox_works = Signal(list)
    mailbox_refused = Signal(KnownError)
    decided = Signal()
    failed = Signal(KnownError)

    def __init__(
        self, profile: Profile, secrets: Secrets, clock: Clock, runner: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profile, self._secrets, self._clock, self.runner = profile, secrets, clock, runner
        self.sign_ins = SignIns(secrets, clock)

    def look(self, url: str, password: str) -> None:
        """See whether the database can be worked on; a password left empty is the one that is kept."""
        secrets, clock = self._secrets, self._clock
        work = lambda: look(url, password or secrets.get(DATABASE_SECRET), clock)  # noqa: E731
        self.runner.read(self, work, self.found.emit, self.refused.emit, lane="look")

    def try_mailbox(self, account: ChannelAccount, entered: Mapping[str, str]) -> None:
        """Try an account as it is entered."""
        credentials_of = partial(self.sign_ins.credentials, entered=entered)
        limit = Settings().max_mail_bytes

        def work() -> list[str]:
            probes = accounts.try_out(account, credentials_of, limit)
            return [tr(f"probe.{each.code}", **each.facts) for each in probes]

        self.runner.read(self, work, self.mailbox_works.emit, self.mailbox_refused.emit, lane="mailbox")

    def decide(self, plan: Plan) -> None:
        profile, secrets, clock = self._profile, self._secrets, self._clock
        work = lambda: decide(profile, secrets, clock, plan)  # noqa: E731
        self.runner.write(self, work, lambda _none: self.decided.emit(), self.failed.emit)
