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
from app.services.channels.interface import Identity
from app.services.mailbox_discovery import Found, find
from app.services.sign_in import DeviceCode, SignedIn, SignIns, Window
from app.services.wording import tr_error
from app.views.channels.page import ChannelPage
from app.views.kit.task_runner import TaskRunner

_LOOK_MS = 100
_TYPING_MS = 250
Shown = str | DeviceCode | None
"""What a person is shown to sign in: an address for the browser, or a code; None: Windows shows a dialog of its own."""
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
        page.sign_in.here.connect(lambda: self._begin(partial(_here, int(page.window().winId()))))
        page.sign_in.by_code.connect(lambda: self._begin(_by_code))
        page.sign_in.cancelled.connect(self._cancel)
        page.sign_in.signed_out.connect(self._sign_out)
        self._identity: Identity | None = None
        """Whom the card is about."""
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._ask_who)
        page.kind_changed.connect(self._ask_anew)
        self._ask_anew()

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
                self._entered()

        refused = lambda error: page.finder.refused(tr_error(error))  # noqa: E731
        self._runner.away(self, lambda: find(address), done, refused)

    def _ask_anew(self) -> None:
        """The page has another form."""
        self._page.form.changed.connect(self._entered)
        self._identity = self._page.identity()
        self._ask_who()

    def _entered(self) -> None:
        """As soon as somebody else is meant the card forgets who it told of, and soon tells of who is meant now."""
        if self._looking.isActive():
            return
        identity = self._page.identity()
        if identity != self._identity:
            self._identity = identity
            self._page.sign_in.nobody()
            self._typing.start()

    def _ask_who(self) -> None:
        """Who is signed in for the channel as it is entered."""
        identity, sign_ins = self._identity, self._sign_ins
        if identity is None:
            return

        def done(who: SignedIn | None) -> None:
            if identity == self._identity and not self._looking.isActive():
                self._page.sign_in.signed_in(who) if who else self._page.sign_in.nobody()

        self._runner.read(self, lambda: sign_ins.who(identity), done, self._failed, lane="who")

    def _begin(self, way: Way) -> None:
        entered = self._page.entered()
        if entered is None:
            return
        self._stop, self._shown = Event(), SimpleQueue()
        self.destroyed.connect(self._stop.set)
        self._identity = self._page.identity()
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
            self._runner.away(self, out, lambda _none: self._page.sign_in.nobody(), self._failed)

    def _look(self) -> None:
        """What came from the thread that waits for the person: shown, and the browser opened, on this one."""
        try:
            shown = self._shown.get_nowait()
        except Empty:
            return
        if isinstance(shown, DeviceCode):
            self._page.sign_in.with_code(shown)
        elif shown is None:
            self._page.sign_in.by_windows()
        else:
            self._page.sign_in.in_browser(shown, opened=QDesktopServices.openUrl(QUrl(shown)))

    def _signed_in(self, signed_in: SignedIn) -> None:
        self._looking.stop()
        self._page.sign_in.signed_in(signed_in)
        self._entered()  # it may have been changed meanwhile

    def _failed(self, error: KnownError) -> None:
        self._looking.stop()
        self._page.sign_in.failed(tr_error(error))


def _here(
    handle: int,
    sign_ins: SignIns,
    account: ChannelAccount,
    entered: dict[str, str],
    stop: Event,
    shown: SimpleQueue[Shown],
) -> SignedIn:
    """By Windows or in the browser, on a thread of its own, which holds of the window its number alone."""
    identity = accounts.person_of(account)

    def show(address: str) -> bool:
        shown.put(address)
        return True

    window = Window(handle, partial(shown.put, None))
    return sign_ins.by_windows(identity, window, stop) or sign_ins.in_browser(
        identity, sign_ins.secret_of(account.name, entered), show, stop
    )


def _by_code(
    sign_ins: SignIns, account: ChannelAccount, _entered: dict[str, str], stop: Event, shown: SimpleQueue[Shown]
) -> SignedIn:
    return sign_ins.by_device(accounts.person_of(account), shown.put, stop)
