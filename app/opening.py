"""From a start to a window: whose turn it is, where the desk works, who sits at it, and what stands in the way."""

import os
from pathlib import Path

from app import bootstrap
from app.models.clock import SystemClock
from app.models.errors import DatabaseError, KnownError
from app.services import staff, wording
from app.services.desk import Desk
from app.services.joining import is_fresh, remember_person
from app.services.secrets import Secrets
from app.services.settings import Profile, find_profile, load_settings
from app.views.desk import application, run_desk
from app.views.first_run.opening import Opening
from app.views.first_run.trouble import Way
from app.views.first_run.wizard import Outcome
from app.views.instance import Instance


def open_window(folder: Path | None, database: str | None, ticket: int) -> int:
    """Show the desk of the profile at `folder` with the ticket of that number, if not 0. Returns the exit status."""
    profile = find_profile(folder, os.environ)
    settings = load_settings(profile, os.environ)
    wording.use_language(settings.language or bootstrap.system_language(os.environ))
    if settings.scale != "100":
        os.environ.setdefault("QT_SCALE_FACTOR", str(int(settings.scale) / 100))
    running = application()
    instance = Instance(profile)
    if not instance.take():
        instance.ask_other(ticket)
        return 0
    try:
        opening = Opening(running, settings.theme)
        if database is None and is_fresh(profile, os.environ):
            outcome = opening.first_run(profile, Secrets(os.environ), SystemClock())
            if outcome is not Outcome.DECIDED:
                instance.release()
                return open_demo() if outcome is Outcome.DEMO else 0
        instance.waiting = ticket or instance.waiting
        return _work(profile, database, opening, instance)
    finally:
        instance.release()


def open_demo() -> int:
    """Show a throw-away desk with sample people and a mailbox that mails flow into."""
    desk, mailbox = bootstrap.open_demo(os.environ)
    try:
        mailbox.deliver_later()
        return run_desk(desk)
    finally:
        mailbox.stop()
        bootstrap.throw_away(desk)


def _work(profile: Profile, database: str | None, opening: Opening, instance: Instance) -> int:
    """Open the desk, again and again while something stands in the way and the person does not give up."""
    while True:
        desk = bootstrap.open_desk(profile, os.environ, database)
        try:
            bootstrap.keep_log(desk.profile, desk.settings)
            bootstrap.make_ready(desk)
            if _seated(desk, opening):
                return run_desk(desk, instance)
            return 1
        except DatabaseError as error:
            way = opening.trouble(error)
            if way is Way.LEAVE:
                raise
            if way is Way.ELSEWHERE and opening.elsewhere(profile, desk.secrets, desk.clock):
                database = None
        finally:
            desk.close()


def _seated(desk: Desk, opening: Opening) -> bool:
    """Whether somebody sits at the desk: who the settings name, else who says so now."""
    try:
        bootstrap.seat(desk)
    except KnownError as error:
        if not error.code.startswith("staff."):
            raise
        chosen = opening.sign_in(error, staff.agents(desk.database))
        if chosen is None:
            return False
        remember_person(desk.profile, chosen.mail)
        desk.actor = staff.sign_in(desk.database, chosen.mail)
    return True
