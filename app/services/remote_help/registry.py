"""Scripts as the desk knows them: added by one person, approved by another, and run as the very bytes that were.

What is stored is the whole script, so that every desk runs the same, and what changed in a folder runs nowhere.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, Role
from app.models.records.scripts import Manifest, Package
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, Membership, Script, Team
from app.services.database import Database, Work
from app.services.remote_help.library import built_in_digests, digest, package_of
from app.services.whole_file import write_whole

TOPIC = "script"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Registered:
    """A stored script. `author` and `approved_by` are names; the author of what ships with the desk is nobody here."""

    id: UUID
    manifest: Manifest
    sha256: str
    author: str
    added_at: datetime
    approved_by: str
    approved_at: datetime | None
    retired_at: datetime | None
    author_id: UUID | None = None

    @property
    def may_run(self) -> bool:
        return self.approved_at is not None and self.retired_at is None


def add(database: Database, actor: Actor, package: Package) -> UUID:
    """Store a script, not approved yet; its id, also where just these bytes are there already. `NotAllowed`."""
    _require_administrator(actor)
    with database.write(actor) as work:
        there = work.session.scalar(select(Script.id).where(Script.sha256 == package.sha256))
        if there is not None:
            return there
        manifest, script_id, files = package.manifest, new_id(), _packed(package)
        ours = package.sha256 in built_in_digests()
        work.session.add(
            Script(
                id=script_id,
                key=manifest.id,
                version=manifest.version,
                sha256=package.sha256,
                files=files,
                files_sha256=hashlib.sha256(files).hexdigest(),
                manifest=manifest.model_dump(mode="json", by_alias=True),
                role=manifest.role.value,
                level=manifest.level,
                needs_second=manifest.approval,
                author_id=None if ours else actor.id,
                added_at=work.now,
            )
        )
        work.changed(TOPIC, script_id)
        told = {"key": manifest.id, "version": manifest.version, "sha256": package.sha256}
        work.audit("script.added", script_id, after=told)
        return script_id


def approve(database: Database, actor: Actor, script_id: UUID) -> None:
    """Let these bytes run. Earlier versions of the script are retired. `KnownError` `script.own` for the author's own,
    `script.gone`, `script.retired`; `NotAllowed`."""
    _require_administrator(actor)
    with database.write(actor) as work:
        row = _row(work, script_id)
        if row.author_id is not None and row.author_id == actor.id:
            raise KnownError("script.own", name=row.key)
        if row.retired_at is not None:
            raise KnownError("script.retired", name=row.key)
        if row.approved_at is not None:
            return
        row.approved_by_id, row.approved_at = actor.id, work.now
        others = select(Script).where(Script.key == row.key, Script.id != row.id, Script.approved_at.is_not(None))
        for other in work.session.scalars(others.where(Script.retired_at.is_(None))):
            other.retired_at = work.now
        work.changed(TOPIC, script_id)
        work.audit("script.approved", script_id, after={"key": row.key, "sha256": row.sha256})


def retire(database: Database, actor: Actor, script_id: UUID) -> None:
    """It runs no more; what it did stays told. Errors as `approve`."""
    _require_administrator(actor)
    with database.write(actor) as work:
        row = _row(work, script_id)
        if row.retired_at is None:
            row.retired_at = work.now
            work.changed(TOPIC, script_id)
            work.audit("script.retired", script_id, after={"key": row.key})


def listed(database: Database, *, retired: bool = False) -> list[Registered]:
    """All scripts by key, the newest version first."""
    with database.read() as session:
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        query = select(Script).order_by(Script.key, Script.added_at.desc(), Script.id.desc())
        if not retired:
            query = query.where(Script.retired_at.is_(None))
        return [_registered(each, names) for each in session.scalars(query)]


def found(database: Database, key: str, *, approved: bool = False) -> Registered:
    """The newest version of a script that is not retired. `KnownError` `script.unknown`, `script.not_approved`."""
    versions = [each for each in listed(database) if each.manifest.id == key]
    if not versions:
        raise KnownError("script.unknown", name=key)
    running = [each for each in versions if each.may_run]
    if approved and not running:
        raise KnownError("script.not_approved", name=key)
    return running[0] if approved else versions[0]


def version(database: Database, script_id: UUID) -> Registered:
    """One stored version, retired or not. `KnownError` `script.gone`."""
    found = next((each for each in listed(database, retired=True) if each.id == script_id), None)
    if found is None:
        raise KnownError("script.gone")
    return found


def package(session: Session, script_id: UUID) -> Package:
    """The bytes that were approved, looked at once more. `KnownError` `script.gone`, `script.changed`."""
    row = session.scalars(select(Script).where(Script.id == script_id).options(undefer(Script.files))).one_or_none()
    if row is None:
        raise KnownError("script.gone")
    files = _unpacked(row.files)
    if digest(files) != row.sha256:
        raise KnownError("script.changed", name=row.key)
    found = package_of(row.key, files)
    if _told(found.manifest) != (row.version, row.role, row.level, row.needs_second, row.manifest):
        raise KnownError("script.changed", name=row.key)
    return found


def package_of_version(database: Database, script_id: UUID) -> Package:
    """As `package`."""
    with database.read() as session:
        return package(session, script_id)


def export(database: Database, script_id: UUID, folder: Path) -> Path:
    """Write a script's folder into `folder`; where it is. `KnownError` `script.folder_there`, `file.cannot_write`."""
    found = package_of_version(database, script_id)
    place = folder / found.manifest.id
    if any(Path(name).name != name for name in found.files):
        raise KnownError("script.changed", name=found.manifest.id)
    try:
        place.mkdir()
    except FileExistsError as error:
        raise KnownError("script.folder_there", folder=place) from error
    except OSError as error:
        raise KnownError("file.cannot_write", file=place, reason=error.strerror or str(error)) from error
    for name, content in found.files.items():
        write_whole(place / name, content)
    return place


def require_runner(session: Session, actor: Actor, script: Script) -> None:
    """Who may run it: its role, and a team of its level or above. The shared database asks the same.

    `KnownError` `script.not_approved`, `script.retired`; `NotAllowed` `not_allowed.script_role`, `script_level`.
    """
    if script.retired_at is not None:
        raise KnownError("script.retired", name=script.key)
    if script.approved_at is None:
        raise KnownError("script.not_approved", name=script.key)
    if _ROLES.index(actor.role) < _ROLES.index(Role(script.role)):
        raise NotAllowed("not_allowed.script_role")
    if script.level <= 1 or actor.role is not Role.AGENT:
        return
    levels = select(Team.level).join(Membership, Membership.team_id == Team.id).where(Membership.agent_id == actor.id)
    if max(session.scalars(levels), default=0) < script.level:
        raise NotAllowed("not_allowed.script_level", level=script.level)


def require_may(session: Session, actor: Actor, script: Script, *, test: bool) -> None:
    """Whether it may run now: approved, by who may run it; or tried, by its author alone, who is an administrator.

    Errors of `require_runner`; in a test `script.no_test_of_approved`, `script.retired`, `script.not_own`.
    """
    if not test:
        require_runner(session, actor, script)
        return
    _require_administrator(actor)
    if script.retired_at is not None:
        raise KnownError("script.retired", name=script.key)
    if script.approved_at is not None:
        raise KnownError("script.no_test_of_approved", name=script.key)
    if actor.id is None or script.author_id != actor.id:
        raise KnownError("script.not_own", name=script.key)


def _registered(row: Script, names: dict[UUID, str]) -> Registered:
    by = names.get(row.approved_by_id, "") if row.approved_by_id is not None else ""
    author = names.get(row.author_id, "") if row.author_id is not None else ""
    manifest = Manifest.model_validate(row.manifest)
    told = (row.id, manifest, row.sha256, author, row.added_at, by, row.approved_at, row.retired_at)
    return Registered(*told, row.author_id)


def _told(manifest: Manifest) -> tuple[object, ...]:
    """What stands beside the bytes, so that the database can ask it."""
    told = manifest.model_dump(mode="json", by_alias=True)
    return manifest.version, manifest.role.value, manifest.level, manifest.approval, told


def _row(work: Work, script_id: UUID) -> Script:
    row = work.session.scalars(select(Script).where(Script.id == script_id).with_for_update()).one_or_none()
    if row is None:
        raise Conflict("script.gone")
    return row


def _require_administrator(actor: Actor) -> None:
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")


def _packed(package: Package) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in sorted(package.files.items()):
            writing.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as reading:
        return {name: reading.read(name) for name in reading.namelist()}
