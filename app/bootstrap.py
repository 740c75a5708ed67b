"""Composition root: the only file that knows everything."""

import logging
import logging.handlers
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from app.models.clock import SystemClock
from app.services import staff, wording
from app.services.database import check, open_database, upgrade
from app.services.database.server_clock import ServerClock
from app.services.desk import Desk
from app.services.joining.deciding import DATABASE_SECRET
from app.services.sample import SampleMailbox, add_history, arrange_sample, fill_with_sample
from app.services.secrets import Secrets
from app.services.secrets.redacting import Redacting
from app.services.settings import Profile, Settings, load_settings

_LOG_BYTES = 2_000_000


def open_desk(profile: Profile, environment: Mapping[str, str], database: str | None = None) -> Desk:
    """A desk on the database named, or set, or embedded in the profile. Connects to nothing yet."""
    settings = load_settings(profile, environment)
    wording.use_language(settings.language or wording.system_language(environment))
    known = Secrets(environment)
    clock = ServerClock(SystemClock())
    url = database or settings.database or f"sqlite:///{profile.database}"
    if not url.startswith("postgresql"):
        profile.ready()
    opened = open_database(url, clock, lambda: known.get(DATABASE_SECRET))
    clock.follow(opened)
    return Desk(profile, settings, clock, opened, known)


def make_ready(desk: Desk) -> None:
    """See that the schema is this program's. The embedded database is created or upgraded in passing; a shared one
    is an administrator's to upgrade: `DatabaseError` says so."""
    if desk.database.is_shared:
        check(desk.database)
    else:
        upgrade(desk.database)


def seat(desk: Desk) -> None:
    """Who works here. An embedded desk without people gets its first, an administrator."""
    if not desk.database.is_shared and not staff.agents(desk.database):
        staff.add_first_agent(desk.database, desk.system, desk.settings.agent)
    desk.seat(staff.sign_in(desk.backstage, desk.settings.agent or None), staff.login(desk.backstage))


def recognise(desk: Desk) -> None:
    """A shared database may know by the login who gives a command. Where it does not, the desk itself does."""
    login = staff.login(desk.backstage)
    if login is not None and login.agent_id is not None:
        desk.seat(staff.sign_in(desk.backstage, None), login)


def open_demo(environment: Mapping[str, str]) -> tuple[Desk, SampleMailbox]:
    """A desk on a throw-away database with the sample people and a mailbox that mails flow into."""
    folder = Path(tempfile.mkdtemp(prefix="firstline-demo-"))
    profile = Profile(folder)
    told = {name: value for name, value in environment.items() if name in ("FIRSTLINE_LANGUAGE", "FIRSTLINE_THEME")}
    key = secrets.token_urlsafe()  # what is written in a demo is thrown away with it: no keyring need know
    desk = open_desk(profile, {"FIRSTLINE_POLL_SECONDS": "2", "FIRSTLINE_SECRET_JOURNAL": key, **told})
    make_ready(desk)
    mailbox = SampleMailbox(folder / "sample-mailbox", desk.clock)
    fill_with_sample(desk.database, desk.system, mailbox.folder)
    arrange_sample(desk.database, desk.system)
    add_history(desk.database, desk.system)
    mailbox.deliver_waiting()
    desk.seat(staff.sign_in(desk.backstage, "sam.okafor@firstline.example"), None)
    return desk, mailbox


def throw_away(desk: Desk) -> None:
    """Close a demo and leave nothing of it behind."""
    desk.close()
    shutil.rmtree(desk.profile.folder, ignore_errors=True)


def keep_log(profile: Profile, settings: Settings) -> None:
    """Write the log into the profile: rotated, with secrets masked. A full disk must not stop the desk."""
    try:
        profile.logs.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            profile.logs / "firstline.log", maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
