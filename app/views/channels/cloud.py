"""Finds out the settings for a channel's page, and signs people in for it, off the GUI thread."""

from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.services import accounts
from app.services.channels.registry import manifest
from app.services.mailbox_discovery import Found, find
from app.services.sign_in import DeviceCode, SignedIn, SignIns
from app.services.wording import tr_error
from app.views.channels.page import ChannelPage
from app.views.kit.task_runner import TaskRunner

_LOOK_MS = 100
Shown = str | DeviceCode
"""What a person is shown to sign in: an address for the browser, or a code."""
Way = Callable[[SignIns, ChannelAccount, dict[str, str], Event, SimpleQueue[Shown]], SignedIn]


class CloudHelp(QObject):
    """Ends with its page, and what it waits for with it."""

    def __init__(self, page: ChannelPage, sign_ins: SignIns, runner: TaskRunner) -> None:
        super().__init__(page)
        self._page, self._sign_ins, self._runner = page, sign_ins, runner
        self._stop = Event()
        self._shown: SimpleQueue[Shown] = SimpleQueue()
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        page.finder.asked.connect(self._find)
        page.sign_in.by_browser.connect(lambda: self._begin(_by_browser))
        page.sign_in.by_code.connect(lambda: self._begin(_by_code))
        page.sign_in.cancelled.connect(self._cancel)
        page.sign_in.signed_out.connect(self._sign_out)
        page.kind_changed.connect(self._ask_who)
        self._ask_who()

    def end(self) -> None:
        """Nobody waits for a sign-in any more."""
        self._stop.set()
        self._looking.stop()
        self._runner.drop(self)

    def _find(self, address: str) -> None:
        page = self._page
        page.finder.looking()

        def done(found: Found) -> None:
            page.finder.found(found)
            if found.proposal is not None:
                page.take(found.proposal)

        refused = lambda error: page.finder.refused(tr_error(error))  # noqa: E731
        self._runner.away(self, lambda: find(address), done, refused)

    def _ask_who(self) -> None:
        """Who is signed in for the channel as it is stored."""
        known, sign_ins = self._page.known, self._sign_ins
        if known is None or not manifest(known.kind).takes_tokens:
            return

        def work() -> SignedIn | None:
            identity = accounts.identity_of(known)
            return sign_ins.who(identity) if identity else None

        card = self._page.sign_in
        done: Callable[[SignedIn | None], None] = lambda who: card.signed_in(who) if who else card.nobody()  # noqa: E731
        self._runner.read(self, work, done, self._failed, lane="who")

    def _begin(self, way: Way) -> None:
        entered = self._page.entered()
        if entered is None:
            return
        self._stop, self._shown = Event(), SimpleQueue()
        self.destroyed.connect(self._stop.set)
        self._page.sign_in.begins()
        self._looking.start()
        work = partial(way, self._sign_ins, *entered, self._stop, self._shown)
        self._runner.away(self, work, self._signed_in, self._failed)

    def _cancel(self) -> None:
        self._stop.set()

    def _sign_out(self) -> None:
        entered = self._page.entered()
        if entered is not None:
            account, sign_ins = entered[0], self._sign_ins
            out = lambda: sign_ins.sign_out(accounts.person_of(account))  # noqa: E731
            self._runner.write(self, out, lambda _none: self._page.sign_in.nobody(), self._failed)

    def _look(self) -> None:
        """What came from the thread that waits for the person: shown, and the browser opened, on this one."""
        try:
            shown = self._shown.get_nowait()
        except Empty:
            return
        if isinstance(shown, DeviceCode):
            self._page.sign_in.with_code(shown)
        else:
            self._page.sign_in.in_browser(shown, opened=QDesktopServices.openUrl(QUrl(shown)))

    def _signed_in(self, signed_in: SignedIn) -> None:
        self._looking.stop()
        self._page.sign_in.signed_in(signed_in)

    def _failed(self, error: KnownError) -> None:
        self._looking.stop()
        self._page.sign_in.failed(tr_error(error))


def _by_browser(
    sign_ins: SignIns, account: ChannelAccount, entered: dict[str, str], stop: Event, shown: SimpleQueue[Shown]
) -> SignedIn:
    """On a thread of its own, which holds nothing of the window."""

    def show(address: str) -> bool:
        shown.put(address)
        return True

    return sign_ins.in_browser(accounts.person_of(account), sign_ins.secret_of(account.name, entered), show, stop)


def _by_code(
    sign_ins: SignIns, account: ChannelAccount, _entered: dict[str, str], stop: Event, shown: SimpleQueue[Shown]
) -> SignedIn:
    return sign_ins.by_device(accounts.person_of(account), shown.put, stop)
