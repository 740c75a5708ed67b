"""The window on a database that was upgraded under it, or that can only be read."""

from app.models.errors import DatabaseError
from app.services.database import age
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.server.part import ServerPart


def _upgraded(window: MainWindow) -> MainWindow:
    window.shell.part(ServerPart).failed(DatabaseError(age.UPGRADED))
    return window


def _read_only(window: MainWindow) -> MainWindow:
    window.shell.part(ServerPart).tell_read_only(True)
    return window


SCREENS = (
    Screen("server-upgraded", _upgraded),
    Screen("server-upgraded-german", _upgraded, "dark", "de"),
    Screen("server-read-only", _read_only),
)
