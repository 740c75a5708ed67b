"""Work at a desk: where it is, who sits at it, what stands in the way, and its window."""

import os
from functools import partial

from app import bootstrap
from app.models.clock import SystemClock
from app.models.errors import DatabaseError, KnownError
from app.services import staff
from app.services.desk import Desk
from app.services.joining import is_fresh, remember_person
from app.services.offline import seat
from app.services.profile import Profile
from app.services.secrets import Secrets
from app.services.settings import load_settings
from app.views.desk import run_desk
from app.views.first_run.opening import Opening
from app.views.first_run.trouble import Way
from app.views.first_run.wizard import Outcome
from app.views.instance import Instance
from app.views.kit.application import application
from app.views.window.curtain import Curtain, aside


def work(profile: Profile, database: str | None, instance: Instance, curtain: Curtain | None) -> int:
    """Show the desk of a profile that `instance` holds, in place of the curtain. Returns the exit status."""
    opening = Opening(application(), load_settings(profile, os.environ).theme)
    if database is None and is_fresh(profile, os.environ):
        _lift(curtain)
        outcome = opening.first_run(profile, Secrets(os.environ), SystemClock())
        if outcome is not Outcome.DECIDED:
            instance.release()
            return work_on_demo() if outcome is Outcome.DEMO else 0
    return _work(profile, database, opening, instance, curtain)


def work_on_demo() -> int:
    """Show a throw-away desk with sample people and a mailbox that mails flow into."""
    application()
    desk, mailbox = bootstrap.open_demo(os.environ)
    try:
        mailbox.deliver_later()
        return run_desk(desk)
    finally:
        mailbox.stop()
        bootstrap.throw_away(desk)


def _work(profile: Profile, database: str | None, opening: Opening, instance: Instance, curtain: Curtain | None) -> int:
    """Open the desk, again and again while something stands in the way and the person does not give up."""
    while True:
        desk = bootstrap.open_desk(profile, os.environ, database)
        try:
            bootstrap.keep_log(desk.profile, desk.settings)
            if not _ready(desk, opening, curtain):
                return 1
            if curtain is not None and curtain.is_closed:
                return 0
            return run_desk(desk, instance, curtain)
        except DatabaseError as error:
            _lift(curtain)
            way = opening.trouble(error)
            if way is Way.LEAVE:
                raise
            if way is Way.ELSEWHERE and opening.elsewhere(profile, desk.secrets, desk.clock):
                database = None
        finally:
            desk.close()


def _ready(desk: Desk, opening: Opening, curtain: Curtain | None) -> bool:
    """Whether somebody sits at the desk. Without its database that is who sat here last."""
    try:
        aside(partial(bootstrap.make_ready, desk))
        if not _seated(desk, opening, curtain):
            return False
    except DatabaseError as error:
        if not aside(partial(seat.sit_down_without, desk, error)):
            raise
        return True
    aside(partial(seat.remember, desk))
    return True


def _seated(desk: Desk, opening: Opening, curtain: Curtain | None) -> bool:
    """Whether somebody sits at the desk: who the settings name, else who says so now."""
    try:
        aside(partial(bootstrap.seat, desk))
    except KnownError as error:
        if not error.code.startswith("staff."):
            raise
        people = aside(partial(staff.agents, desk.database))
        _lift(curtain)
        chosen = opening.sign_in(error, people)
        if chosen is None:
            return False
        remember_person(desk.profile, chosen.mail)
        desk.seat(staff.sign_in(desk.backstage, chosen.mail), aside(partial(staff.login, desk.backstage)))
    return True


def _lift(curtain: Curtain | None) -> None:
    if curtain is not None:
        curtain.lift()
