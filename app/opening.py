"""From a start to the first thing that is seen. What that does not need is imported behind the curtain."""

import gc
import os
from importlib import import_module
from pathlib import Path
from types import ModuleType

from app.services import wording
from app.services.profile import find_profile, glance
from app.views.instance import Instance
from app.views.kit.application import application
from app.views.window.curtain import Curtain, aside


def open_window(folder: Path | None, database: str | None, ticket: int) -> int:
    """Show the desk of the profile at `folder` with the ticket of that number, if not 0. Returns the exit status."""
    profile = find_profile(folder, os.environ)
    look = glance(profile, os.environ)
    wording.use_language(look.language or wording.system_language(os.environ))
    if look.scale.isdecimal() and look.scale != "100":
        os.environ.setdefault("QT_SCALE_FACTOR", str(int(look.scale) / 100))
    application()
    instance = Instance(profile)
    if not instance.take():
        instance.ask_other(ticket)
        return 0
    try:
        curtain = None
        if profile.window_file.exists():  # else no desk has been open here yet, and other questions come first
            curtain = Curtain(profile.window_file, look.theme)
            curtain.rise()
        working = aside(_load)
        if curtain is not None and curtain.is_closed:
            return 0
        instance.waiting = ticket or instance.waiting
        status: int = working.work(profile, database, instance, curtain)
        return status
    finally:
        instance.release()


def open_demo() -> int:
    """Show a throw-away desk with sample people and a mailbox that mails flow into."""
    status: int = _load().work_on_demo()
    return status


def _load() -> ModuleType:
    working = import_module("app.working")
    gc.freeze()  # modules stay to the end: no collection need look through them again
    return working
