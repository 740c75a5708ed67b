"""Making a database this desk's: tables, the first person, passwords and settings, all at the end and in that order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import make_url

from app.models.clock import Clock
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Role
from app.services import accounts, staff
from app.services.database import check, open_database, upgrade
from app.services.joining.looking import Fitness, Found
from app.services.profile import PREFIX
from app.services.secrets import Secrets, channel_secret
from app.services.settings import Profile, save_setting

DATABASE_SECRET = "database"  # noqa: S105 - the name of a secret, not one


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person decided: nothing of it is written before `decide`.

    `url` is empty for the embedded database. `name` is asked for where there is no staff yet. `found` is what a look at
    a shared database found.
    """

    mail: str
    name: str = ""
    url: str = ""
    password: str = field(default="", repr=False)
    found: Found | None = None
    mailbox: ChannelAccount | None = None
    mailbox_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def is_fresh(profile: Profile, environment: Mapping[str, str]) -> bool:
    """Whether nobody has decided yet where this desk works."""
    told = any(environment.get(f"{PREFIX}{each}") for each in ("DATABASE", "AGENT"))
    return not (told or profile.settings_file.exists() or profile.database.exists())


def decide(profile: Profile, secrets: Secrets, clock: Clock, plan: Plan) -> None:
    """Carry the plan out. Passwords come first: where the keyring refuses them, nothing else is written.

    `KnownError`: `keyring.unsafe` or `.failed`, those of the database, `staff.unknown`, those of a new channel.
    """
    profile.ready()
    _keep_secrets(secrets, plan)
    database = open_database(plan.url or f"sqlite:///{profile.database}", clock, lambda: secrets.get(DATABASE_SECRET))
    try:
        if not plan.url or (plan.found and plan.found.fitness is Fitness.EMPTY):
            upgrade(database)
        else:
            check(database)
        system = staff.system_actor()
        if not staff.agents(database):
            staff.add_agent(database, system, plan.name or plan.mail, plan.mail, Role.ADMINISTRATOR)
        actor = staff.sign_in(database, plan.mail)
        if plan.mailbox is not None:
            accounts.add(database, actor, plan.mailbox)
    finally:
        database.close()
    save_setting(profile, "database", plan.url)
    remember_person(profile, plan.mail)


def remember_person(profile: Profile, mail: str) -> None:
    """Set who works at this desk."""
    save_setting(profile, "agent", mail.strip().lower())


def remember_database(profile: Profile, secrets: Secrets, url: str) -> None:
    """Set `url` as the desk's database; a password in it goes to the keyring where there is one, never to a file."""
    parsed = make_url(url) if "://" in url else None
    if parsed is not None and parsed.password:
        if secrets.describe() is not None:
            secrets.set(DATABASE_SECRET, str(parsed.password))
        url = parsed._replace(password=None).render_as_string()  # `set` leaves out what is None
    save_setting(profile, "database", url)


def _keep_secrets(secrets: Secrets, plan: Plan) -> None:
    wanted = {DATABASE_SECRET: plan.password}
    if plan.mailbox is not None:
        wanted |= {channel_secret(plan.mailbox.name, name): value for name, value in plan.mailbox_secrets.items()}
    for name, value in wanted.items():
        if value and secrets.get(name) != value:
            secrets.set(name, value)
