"""The work that goes on by itself: every active channel is polled and its outbox sent, one thread a channel.

A channel that fails rests for a while, the longer the more often it fails; the others go on. The worker runs inside
every desk and as `firstline worker`; leases see to it that each channel is worked on by one of them.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from app.models.errors import DatabaseError
from app.models.records.channels import ChannelAccount
from app.services import accounts
from app.services.database import Database
from app.services.database.age import UPGRADED
from app.services.work.rounds import ChannelRounds

REST = 20.0
_LONGEST_REST = 300.0
_LOOK_FOR_CHANNELS = 30.0
_UPKEEP = 60.0
_SLICE = 5.0  # of waiting for news, after which what there is to send gets its turn
_log = logging.getLogger(__name__)


@dataclass
class Worker:
    """Works on all channels until it is stopped. `rounds_for` makes the `ChannelRounds` of one thread.

    `sweep` looks for what is due by now whenever it looks for channels; `upkeep` is done now and then between.
    `outdated` is set where it stopped by itself, since the database is another program's by now.
    """

    database: Database
    rounds_for: Callable[[], ChannelRounds]
    rest: float = REST
    upkeep: Callable[[], None] = lambda: None
    sweep: Callable[[], object] = lambda: None
    outdated: DatabaseError | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: dict[UUID, threading.Thread] = field(default_factory=dict)
    _wake: dict[UUID, threading.Event] = field(default_factory=dict)
    _watch: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in threads of its own."""
        self._watch = threading.Thread(target=self._look_for_channels, name="channels", daemon=True)
        self._watch.start()

    def wake(self) -> None:
        """There is something to send: do not rest now."""
        for each in list(self._wake.values()):
            each.set()

    def stop(self, seconds: float = 10.0) -> None:
        """End after what is under way, or leave it behind after `seconds`: what is not committed is done again."""
        self._stop.set()
        self.wake()
        threads = [*self._threads.values(), *([self._watch] if self._watch else [])]
        for each in threads:
            each.join(seconds)

    def run(self) -> None:
        """Work in this thread until `stop`; for `firstline worker`."""
        self._look_for_channels()

    def _look_for_channels(self) -> None:
        next_upkeep = monotonic()
        while not self._stop.is_set():
            try:
                for account in accounts.listed(self.database):
                    if account.active and account.id not in self._threads:
                        self._work_on(account)
                self.sweep()
                if monotonic() >= next_upkeep:
                    next_upkeep = monotonic() + _UPKEEP
                    self.upkeep()
            except DatabaseError as error:
                self._refused(error)
            except Exception:  # noqa: BLE001 - a bug in the sweep must not be the end of the mail: it is tried again
                _log.exception("a sweep failed")
            self._stop.wait(min(_LOOK_FOR_CHANNELS, self.rest))

    def _work_on(self, account: ChannelAccount) -> None:
        self._wake[account.id] = threading.Event()
        thread = threading.Thread(target=self._work, args=(account.id,), name=f"channel {account.name}", daemon=True)
        self._threads[account.id] = thread
        thread.start()

    def _work(self, channel_id: UUID) -> None:
        rounds = self.rounds_for()
        failures = 0
        try:
            while not self._stop.is_set():
                failures = 0 if self._round(rounds, channel_id) else failures + 1
                self._rest(rounds, channel_id, failures)
        finally:
            rounds.close()

    def _round(self, rounds: ChannelRounds, channel_id: UUID) -> bool:
        """One round; whether it went well."""
        try:
            account = self._account(channel_id)
            if account is None:
                return True
            report = rounds.run(account, lambda: not self._stop.is_set())
        except DatabaseError as error:
            self._refused(error)
            return False
        except Exception:  # noqa: BLE001 - a bug in one channel must not end its thread: it is logged and tried again
            _log.exception("a round on channel %s failed", channel_id)
            return False
        return report is None or report.problem is None

    def _refused(self, error: DatabaseError) -> None:
        _log.warning("the database refuses: %s", error)
        if error.code == UPGRADED:
            self.outdated = error
            self._stop.set()
            self.wake()

    def _rest(self, rounds: ChannelRounds, channel_id: UUID, failures: int) -> None:
        """Until there is something to send, news in the channel, or time is up."""
        wake = self._wake[channel_id]
        until = monotonic() + min(self.rest * 2 ** min(failures, 8), _LONGEST_REST)
        while not wake.is_set() and (left := until - monotonic()) > 0:
            slice_ends = monotonic() + min(left, _SLICE)
            if not failures and rounds.wait(channel_id, min(left, _SLICE)):
                break
            wake.wait(max(0.0, slice_ends - monotonic()))
            if not failures and _has_due(rounds, channel_id):
                break
        wake.clear()

    def _account(self, channel_id: UUID) -> ChannelAccount | None:
        found = [each for each in accounts.listed(self.database) if each.id == channel_id and each.active]
        return found[0] if found else None


def _has_due(rounds: ChannelRounds, channel_id: UUID) -> bool:
    """Whether another desk, which may not send itself, gave us something to send."""
    try:
        return rounds.has_due(channel_id)
    except DatabaseError:
        return False  # the next round meets the same error
