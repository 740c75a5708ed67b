"""Who is signed in for a channel that takes tokens, and the ways to sign in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.services.sign_in import DeviceCode, SignedIn
from app.services.wording import tr
from app.views.kit.appearance import Appearance

_PICTURE = 18


class SignInCard(QFrame):
    """It shows what it is told, and asks: `here`, `by_code`, `cancelled`, `signed_out`."""

    here = Signal()
    by_code = Signal()
    cancelled = Signal()
    signed_out = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._takes_code = True
        self.setProperty("role", "card")
        self._picture, self.heading, self.words = QLabel(), QLabel(), QLabel()
        self.code = QLabel()
        self.bar = QProgressBar(textVisible=False, minimum=0, maximum=0)
        self.browser = QPushButton(tr("channels.sign_in.browser"))
        self.device = QPushButton(tr("channels.sign_in.code"))
        self.cancel = QPushButton(tr("channels.sign_in.cancel"))
        self.leave = QPushButton(tr("channels.sign_in.out"))
        self.browser.clicked.connect(self.here)
        self.device.clicked.connect(self.by_code)
        self.cancel.clicked.connect(self.cancelled)
        self.leave.clicked.connect(self.signed_out)
        self._build()
        self.nobody()

    def takes_code(self, *, takes: bool) -> None:
        """Whether the provider lets a person sign in on another device."""
        self._takes_code = takes
        self.device.setVisible(takes and self.browser.isVisibleTo(self) and not self.leave.isVisibleTo(self))

    def nobody(self) -> None:
        self._tell("person", "muted", tr("channels.sign_in.nobody"), tr("channels.sign_in.nobody_hint"))

    def signed_in(self, signed_in: SignedIn) -> None:
        since = f"{signed_in.since.astimezone():%Y-%m-%d %H:%M}"
        words = tr(
            "channels.sign_in.since_by_windows" if signed_in.by_windows else "channels.sign_in.since", since=since
        )
        self._tell("check", "success", tr("channels.sign_in.who", who=signed_in.who), words, is_in=True)

    def begins(self) -> None:
        """Until the browser opens or a code is there."""
        self._tell("waiting", "muted", tr("channels.sign_in.begins"), "", is_busy=True)

    def by_windows(self) -> None:
        """It asks in a dialog of its own."""
        words = tr("channels.sign_in.by_windows_hint")
        self._tell("open", "accent", tr("channels.sign_in.by_windows"), words, is_busy=True)

    def in_browser(self, address: str, *, opened: bool) -> None:
        words = tr("channels.sign_in.in_browser_hint") if opened else tr("channels.sign_in.open", address=address)
        self._tell("open", "accent", tr("channels.sign_in.in_browser"), words, is_busy=True)

    def with_code(self, code: DeviceCode) -> None:
        words = tr("channels.sign_in.enter_code", address=code.address)
        self._tell("open", "accent", tr("channels.sign_in.with_code"), words, is_busy=True, code=code.user_code)

    def failed(self, words: str) -> None:
        self._tell("error", "danger", tr("channels.sign_in.failed"), words)

    def _tell(
        self,
        icon: str,
        tint: str,
        heading: str,
        words: str,
        *,
        is_busy: bool = False,
        is_in: bool = False,
        code: str = "",
    ) -> None:
        held = any(each.hasFocus() for each in (self.browser, self.device, self.cancel, self.leave))
        self._picture.setPixmap(self._appearance.icon(icon, tint).pixmap(_PICTURE, _PICTURE))
        self.heading.setText(heading)
        self.words.setText(words)
        self.code.setText(code)
        for widget, shown in (
            (self.words, bool(words)),
            (self.code, bool(code)),
            (self.bar, is_busy),
            (self.cancel, is_busy),
            (self.browser, not is_busy),
            (self.device, not is_busy and not is_in and self._takes_code),
            (self.leave, is_in),
        ):
            widget.setVisible(shown)
        self.browser.setText(tr("channels.sign_in.again" if is_in else "channels.sign_in.browser"))
        self.setAccessibleName("\n".join(filter(None, (heading, words, code))))
        if held:
            (self.cancel if is_busy else self.browser).setFocus()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(3)
        self.heading.setProperty("role", "heading")
        self.code.setProperty("role", "title")
        for each in (self.heading, self.words, self.code):
            each.setTextFormat(Qt.TextFormat.PlainText)
            each.setWordWrap(True)
            each.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(each)
        self.bar.setFixedWidth(160)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        buttons: tuple[QWidget, ...] = (self.browser, self.device, self.cancel, self.leave)
        for button in buttons:
            row.addWidget(button)
