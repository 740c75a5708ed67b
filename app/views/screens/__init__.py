"""Pictures of the windows without a screen: for the documentation, and to look at what was built."""

from pathlib import Path

from app.services.desk import Desk
from app.services.settings import make_private
from app.views.screens import (
    calls,
    catalogue,
    channels,
    conflict,
    escalating,
    everywhere,
    first_run,
    history,
    incident,
    offline,
    oncall,
    reading,
    remote_help,
    script_library,
    server,
    staffing,
    swarm,
    tree,
    views,
    writing,
)
from app.views.screens.screen import Screen, as_it_is
from app.views.screens.setting import draw, read_mail, write_something

_BEFORE_MAIL = (Screen("empty", as_it_is),)
SCREENS: tuple[Screen, ...] = (
    *reading.SCREENS,
    *channels.SCREENS,
    *calls.SCREENS,
    *catalogue.SCREENS,
    *everywhere.SCREENS,
    *views.SCREENS,
    *staffing.SCREENS,
    *history.SCREENS,
    *conflict.SCREENS,
    *escalating.SCREENS,
    *first_run.SCREENS,
    *writing.SCREENS,
    *offline.SCREENS,
    *server.SCREENS,
    *oncall.SCREENS,
    *incident.SCREENS,
    *remote_help.SCREENS,
    *script_library.SCREENS,
    *swarm.SCREENS,
    *tree.SCREENS,
)
"""Every window and state of the desk, but for that of an empty desk."""


def render_main_window(desk: Desk, file: Path) -> Path:
    """The main window with everything read that waits, as a PNG."""
    read_mail(desk)
    return draw(desk, Screen(file.stem, as_it_is), file.parent)


def render_screens(desk: Desk, folder: Path, only: str = "") -> list[Path]:
    """One PNG for each screen; those whose name begins with `only`."""
    make_private(folder)
    pictures = [draw(desk, each, folder) for each in _BEFORE_MAIL if each.name.startswith(only)]
    read_mail(desk)
    write_something(desk)
    return pictures + [draw(desk, each, folder) for each in SCREENS if each.name.startswith(only)]
