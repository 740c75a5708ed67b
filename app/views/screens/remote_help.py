"""Pictures of remote help: choosing a script, filling it in, what runs and ran, and a second person's page.

What runs in them is made up: it is handed to the views as a run would hand it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.queue import QueueFilter
from app.models.records.runs import Ended, Line, Outcome, RemoteState, Run, Stream, TargetResult
from app.services import staff
from app.services.remote_help import recording, registry
from app.services.remote_help.agreeing import requests
from app.services.remote_help.offering import Offer, offer
from app.services.remote_help.preparing import Wanted, prepare
from app.services.sample.runs import add_runs
from app.services.sample.scripts import arrange_scripts
from app.services.tickets import queue
from app.views.main_window import MainWindow
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.feed import Feed
from app.views.remote_help.part import RemoteHelpPart
from app.views.remote_help.requests_part import RequestsPart
from app.views.screens.screen import Screen, as_it_is
from app.views.screens.setting import settle

_HOST = "web-1.lab.example"
_HOSTS = ("web-1.lab.example", "web-2.lab.example", "web-3.lab.example", "db-1.lab.example")
_SAID = ("up 41 days, load 0.42 0.38 0.35", "memory  15.5 GiB, 3.1 GiB free", "/  39.2 GiB of 39.2 GiB used")
_GOOD = Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)
_CUT = KnownError("ssh.cut", host=_HOSTS[1], reason="")
_LOST = Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=_CUT)
_ROWS = {
    "columns": ["Name", "Title", "State", "Start", "Account"],
    "rows": [
        ["Dnscache", "DNS Client", "Running", "Auto", "NT AUTHORITY\\NetworkService"],
        ["Spooler", "Print Spooler", "Stopped", "Auto", "LocalSystem"],
        ["wuauserv", "Windows Update", "Stopped", "Manual", "LocalSystem"],
    ],
}
_JSON = {
    "status": "DOWN",
    "components": {
        "db": {"status": "DOWN", "details": {"error": "connection refused"}},
        "disk": {"status": "UP", "details": {"free": 1204416, "threshold": 10485760}},
    },
    "groups": ["live", "ready"],
}


def _password_ticket(window: MainWindow) -> None:
    """One that scripts are proposed for."""
    desk = window.shell.desk
    [found] = queue.page(desk.database, QueueFilter(open=None, words="Passwort"), 1)
    window.shell.ticket.open(found.id)
    settle(window)


def _chooser(window: MainWindow, typed: str = "") -> QWidget:
    _password_ticket(window)
    chooser = window.shell.part(RemoteHelpPart).choose()
    settle(window)
    chooser.line.setText(typed)
    return chooser


def _no_script(window: MainWindow) -> QWidget:
    chooser = window.shell.part(RemoteHelpPart).choose()
    settle(window)
    chooser.show_offer(Offer(unapproved=41))
    return chooser


def _opened(window: MainWindow, key: str, hosts: tuple[str, ...] = (_HOST,)) -> RunDialog:
    part = window.shell.part(RemoteHelpPart)
    desk = window.shell.desk
    assert desk.actor is not None
    found = offer(desk.database, desk.actor, None)
    offered = next(each for each in found.scripts if each.manifest.id == key)
    values = {each.name: each.default for each in offered.manifest.parameters}
    dialog = part.open_runs.open(Opening(offered.manifest, values, hosts, offered.connections, _HOSTS[:3]))
    settle(window)
    return dialog


def _form(window: MainWindow, path: str = "/var/lib") -> QWidget:
    dialog = _opened(window, "linux-disk")
    line = dialog.form.entries["path"]
    if isinstance(line, QLineEdit):
        line.setText(path)
    settle(window)
    return dialog


def _wrong(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-disk", ("web-1.lab.example", "not_a host!"))
    for name, text in (("path", "relative"), ("count", "500")):
        line = dialog.form.entries[name]
        if isinstance(line, QLineEdit):
            line.setText(text)
    dialog.run()
    settle(window)
    return dialog


def _refused(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-health", ("db.production.example",))
    settle(window)
    return dialog


def _many(window: MainWindow) -> QWidget:
    return _opened(window, "linux-health", _HOSTS)


def _asked(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-service-restart")
    dialog.run()
    return dialog


def _running(
    window: MainWindow,
    hosts: tuple[str, ...] = (_HOST,),
    share: float | None = None,
    key: str = "linux-health",
    said: tuple[str, ...] = _SAID,
) -> RunDialog:
    """As if it ran: the feed is filled by hand."""
    dialog = _opened(window, key, hosts)
    clock = [0.0]
    feed = Feed(hosts, lambda: clock[0])
    dialog.page.begin(feed)
    dialog.layout_.middle.setCurrentWidget(dialog.page)
    for host in hosts:
        feed.began(host)
        for text in said:
            feed.say(host, Line(Stream.OUT, text))
    clock[0] = 12.4
    if share is not None:
        feed.moved(hosts[0], share, "")
    for button in (dialog.layout_.stop, dialog.layout_.aside, dialog.layout_.state):
        button.setVisible(True)
        button.setEnabled(True)
    for hidden in (dialog.layout_.run, dialog.layout_.dry):
        hidden.hide()
    dialog.page.look()
    return dialog


def _over(
    window: MainWindow,
    ends: dict[str, Ended],
    document: object = None,
    reveal: tuple[str, str] | None = None,
    key: str = "linux-health",
    said: tuple[str, ...] = _SAID,
) -> QWidget:
    dialog = _running(window, tuple(ends), key=key, said=said)
    for host, end in ends.items():
        dialog.page.feed.over(host, end, dict([reveal]) if reveal is not None else {})
    dialog.show_run(_run(window, ends, document, key, said))
    dialog.layout_.state.show()
    return dialog


def _run(window: MainWindow, ends: dict[str, Ended], document: object, key: str, said: tuple[str, ...]) -> Run:
    now = window.shell.desk.clock.now()
    results = []
    for host, end in ends.items():
        problem, facts = (end.problem.code, end.problem.facts) if end.problem is not None else ("", {})
        began = now - timedelta(seconds=12)
        told = (end.outcome, end.remote, end.exit_code, problem, facts, began, now)
        results.append(TargetResult(host, "helpdesk", *told, "\n".join(said), document))
    actor = window.shell.desk.actor
    who = (new_id(), actor.name if actor is not None else "")
    return Run(new_id(), None, key, "1.0", "", *who, now, False, {}, "", "", None, tuple(results))


def _aside(window: MainWindow) -> QWidget:
    part = window.shell.part(RemoteHelpPart)
    part.open_runs.strip.show_running([_SHOWN], [])
    return window


def _history(window: MainWindow) -> QWidget:
    desk, part = window.shell.desk, window.shell.part(RemoteHelpPart)
    ticket_id, actor = window.shell.ticket.ticket_id, desk.actor
    assert ticket_id is not None
    assert actor is not None
    if not recording.count_of(desk.database, ticket_id):
        add_runs(desk.database, desk.secrets, actor, ticket_id)
    part.show_runs()
    settle(window)
    assert part.history is not None
    return part.history


def _with_row(window: MainWindow) -> QWidget:
    _password_ticket(window)
    _history(window).close()
    window.shell.ticket.reload()
    settle(window)
    return as_it_is(window)


def _asking(window: MainWindow) -> QWidget:
    """Somebody else asks; Sam is the second person."""
    desk, part = window.shell.desk, window.shell.part(RequestsPart)
    actor = desk.actor
    assert actor is not None
    if not requests(desk.database, actor):
        other = staff.sign_in(desk.backstage, _OTHER)
        wanted = Wanted("ad-enable", ["j.keller"], {}, window.shell.ticket.ticket_id)
        prepared = prepare(desk.backstage, other, desk.secrets, wanted)
        recording.ask(desk.backstage, other, prepared)
    part.look()
    settle(window)
    part.open()
    settle(window)
    assert part.dialog is not None
    return part.dialog


_SHOWN = "Health of a Linux host"
_OTHER = "aiko.tanaka@firstline.example"
_SEVERAL = {_HOSTS[0]: _GOOD, _HOSTS[1]: _LOST, _HOSTS[2]: _GOOD, _HOSTS[3]: _GOOD}
_SERVICES = {"pc-0142.office.example": _GOOD}
_HEALTH = {"https://orders.lab.example/actuator": Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 200)}
_RESET = {"j.keller": Ended(Outcome.SUCCEEDED, RemoteState.FINISHED)}
_NEW = ("New password of j.keller", "correct-horse-7-battery")
_GIVEN = ("j.keller has a new password, is unlocked, and must choose another one at the next sign-in.",)
_DENIED = KnownError("ssh.denied", host=_HOST, user="helpdesk")
_FAILED = {_HOST: Ended(Outcome.FAILED, RemoteState.NEVER_STARTED, problem=_DENIED)}


def _stocked(name: str, show: Callable[[MainWindow], QWidget], *others: Any, **named: Any) -> Screen:
    """A picture of a desk where what ships is approved, as the demo's is from the start."""

    def shown(window: MainWindow) -> QWidget:
        desk = window.shell.desk
        if not registry.listed(desk.database):
            arrange_scripts(desk.database, desk.system)
        return show(window)

    return Screen(name, shown, *others, **named)


SCREENS = (
    _stocked("script-chooser", _chooser),
    _stocked("script-chooser-dark-german", _chooser, "dark", "de"),
    _stocked("script-chooser-typed", partial(_chooser, typed="account")),
    _stocked("script-chooser-none", _no_script),
    _stocked("script-form", _form),
    _stocked("script-form-dark-german", _form, "dark", "de"),
    _stocked("script-form-wrong", _wrong),
    _stocked("script-form-refused", _refused),
    _stocked("script-form-many", _many, scale=200),
    _stocked("script-confirm", _asked),
    _stocked("script-confirm-german", _asked, language="de"),
    _stocked("script-running", partial(_running, share=0.4)),
    _stocked("script-running-many-dark", partial(_running, hosts=_HOSTS), "dark"),
    _stocked("script-aside", _aside),
    _stocked("script-failed", partial(_over, ends=_FAILED, said=())),
    _stocked("script-many", partial(_over, ends=_SEVERAL)),
    _stocked("script-many-german-dark", partial(_over, ends=_SEVERAL), "dark", "de"),
    _stocked("script-table", partial(_over, ends=_SERVICES, document=_ROWS, key="win-services", said=())),
    _stocked("script-json", partial(_over, ends=_HEALTH, document=_JSON, key="spring-health", said=("HTTP 200",))),
    _stocked("script-revealed", partial(_over, ends=_RESET, reveal=_NEW, key="ad-reset-password", said=_GIVEN)),
    _stocked("script-history", _history),
    _stocked("script-history-german", _history, language="de"),
    _stocked("script-ticket", _with_row),
    _stocked("script-second", _asking),
    _stocked("script-second-dark-german", _asking, "dark", "de"),
    _stocked("script-form-small", _form, size=(900, 620)),
)
