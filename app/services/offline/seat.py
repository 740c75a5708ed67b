"""Who sat at this desk last, so that it opens although its database cannot be reached."""

import logging
from dataclasses import asdict
from uuid import UUID

from app.models.errors import DatabaseError, KnownError
from app.models.records.desk import Actor, ActorKind, Role
from app.services import staff
from app.services.database import check
from app.services.database.reach import AWAY
from app.services.database.unit_of_work import plain
from app.services.desk import Desk
from app.services.journal import Put

_KIND, _ID = "seat", UUID(int=0)
_log = logging.getLogger(__name__)


def remember(desk: Desk) -> None:
    """Write down who works here, in which database. Without a keyring the desk does not open without its database."""
    actor = desk.actor
    if actor is None or not desk.database.is_shared:
        return
    told = plain({**asdict(actor), "teams": sorted(map(str, actor.teams))})
    facts = {"actor": told, "where": _where(desk), "narrowed": desk.is_narrowed, "carries_mail": desk.carries_mail}
    try:
        kept = desk.journal.get(_KIND, _ID)
        if kept is None or kept.told != facts:
            desk.journal.write(Put(_KIND, _ID, facts))
    except KnownError:
        _log.warning("who works here could not be written down", exc_info=True)


def sit_down_without(desk: Desk, error: DatabaseError) -> bool:
    """Seat who sat here last, as they were, because the database is away for the reason `error`; whether that is so.

    Nothing of it is trusted when the database is back: `readmit` looks again.
    """
    if error.code not in AWAY or not desk.database.is_shared:
        return False
    kept = desk.journal.get(_KIND, _ID)
    if kept is None or kept.told["where"] != _where(desk):
        return False
    told = kept.told["actor"]
    actor = Actor(
        ActorKind(told["kind"]),
        told["name"],
        UUID(told["id"]),
        Role(told["role"]),
        told["desk"],
        frozenset(map(UUID, told["teams"])),
    )
    desk.sit_down(actor, narrowed=kept.told["narrowed"], carries_mail=kept.told["carries_mail"])
    desk.is_admitted = False
    desk.reach.failed(error, writing=False)
    return True


def readmit(desk: Desk) -> None:
    """See that the database, the person and what they may do are what this desk was opened with.

    `DatabaseError` where the schema is another one, `KnownError` `staff...` where they may not work here any more, and
    `offline.another` where their role or their teams are others now.
    """
    if desk.is_admitted:
        return
    check(desk.backstage)
    actor = staff.sign_in(desk.backstage, desk.settings.agent or None)
    if actor != desk.actor:
        raise KnownError("offline.another", name=actor.name)
    desk.is_admitted = True
    desk.reach.answered()


def _where(desk: Desk) -> str:
    """The database's address without the password."""
    return desk.backstage.engine.url.render_as_string(hide_password=True)
