"""The keys that somebody confirmed for hosts: all of them, and what was shown since that is another."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.models.errors import NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, HostKey, ScriptRunTarget
from app.services.database import Database
from app.services.database.upsert import insert_new

TOPIC = "host_key"
_CHANGED = "ssh.host_key_changed"


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """`by` is who confirmed it. `shown` is the fingerprint of another key that the host showed since, at `shown_at`."""

    id: UUID
    host: str
    port: int
    algorithm: str
    fingerprint: str
    by: str
    at: datetime
    shown: str = ""
    shown_at: datetime | None = None


def pin(database: Database, actor: Actor, host: str, port: int, key: str) -> None:
    """Somebody looked at the key that a host shows, and it is the host's."""
    with database.write(actor) as work:
        key_id = new_id()
        row = {"id": key_id, "host": host, "port": port, "key": key, "by_id": actor.id, "at": work.now}
        insert_new(work.session, HostKey, [row])
        work.changed(TOPIC, key_id)
        work.audit("remote.host_key_pinned", key_id, after={"host": host, "port": port, "key": key})


def pinned(database: Database, host: str, port: int) -> tuple[str, ...]:
    """The keys of a host, as lines of OpenSSH."""
    with database.read() as session:
        query = select(HostKey.key).where(HostKey.host == host, HostKey.port == port)
        return tuple(session.scalars(query.order_by(HostKey.at)))


def listed(database: Database) -> list[PinnedKey]:
    """By host."""
    with database.read() as session:
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        keys = list(session.scalars(select(HostKey).order_by(HostKey.host, HostKey.port, HostKey.at)))
        query = select(ScriptRunTarget).where(ScriptRunTarget.problem == _CHANGED).order_by(ScriptRunTarget.ended_at)
        seen = {(each.target, str(each.problem_facts.get("port"))): each for each in session.scalars(query)}
        found = []
        for key in keys:
            algorithm, fingerprint = described(key.key)
            by = names.get(key.by_id, "") if key.by_id is not None else ""
            known = PinnedKey(key.id, key.host, key.port, algorithm, fingerprint, by, key.at)
            found.append(_with_shown(known, seen.get((key.host, str(key.port)))))
        return found


def forget(database: Database, actor: Actor, key_id: UUID) -> None:
    """The host is a stranger again, and whoever runs a script there is asked. `NotAllowed`."""
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    with database.write(actor) as work:
        row = work.session.get(HostKey, key_id)
        if row is None:
            return
        told = {"host": row.host, "port": row.port, "key": row.key}
        work.session.delete(row)
        work.changed(TOPIC, key_id)
        work.audit("remote.host_key_forgotten", key_id, before=told)


def described(key: str) -> tuple[str, str]:
    """Algorithm and fingerprint of a line of OpenSSH, as `ssh-keygen -l` tells them."""
    algorithm, _, rest = key.partition(" ")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
    except ValueError:
        return algorithm, ""
    return algorithm, "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _with_shown(known: PinnedKey, run: ScriptRunTarget | None) -> PinnedKey:
    """Only what was shown after somebody confirmed this key, and is not this key."""
    if run is None or run.ended_at is None or run.ended_at < known.at:
        return known
    shown = str(run.problem_facts.get("fingerprint", ""))
    if shown == known.fingerprint:
        return known
    told = (known.id, known.host, known.port, known.algorithm, known.fingerprint, known.by, known.at)
    return PinnedKey(*told, shown, run.ended_at)
