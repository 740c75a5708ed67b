"""Scripts that are written at the desk: begun from another or from nothing, checked as they are typed, and stored.

What is stored is a new version, whose author is who saved it, and which waits for somebody else to approve it.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from app.models.errors import Conflict, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.scripts import Manifest, Package
from app.models.rules.permissions import Action, may
from app.models.rules.scripts import faults_between
from app.services.database import Database
from app.services.journal import Drop, Journal, Put
from app.services.remote_help import library, registry
from app.services.remote_help.library import MANIFEST, BrokenScript, package_of
from app.services.remote_help.registry import Registered
from app.services.remote_help.writing import told_of, toml_of

KIND = "script"
_SHELL = b"set -u\n\n# The parameters are here as $1, $2 and so on, in their order.\n"


@dataclass(frozen=True)
class ScriptDraft:
    """A script as it is typed: `told` is its manifest, which need not be in order; `files` are all but that.

    `based_on` is the stored version that it was begun from; None for a new one and for what ships with the desk.
    """

    id: UUID
    told: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)
    based_on: UUID | None = None

    @property
    def key(self) -> str:
        return str(self.told.get("id") or "")

    @property
    def text(self) -> str:
        """Its manifest as TOML."""
        return toml_of(self.told)


def blank() -> ScriptDraft:
    """A shell script that does nothing yet."""
    words = {"name": "", "description": "", "changes": "", "undo": ""}
    told = {
        "id": "",
        "version": "1.0",
        "category": "linux",
        "risk": "read",
        "timeout": 60,
        "program": {"transport": "ssh", "file": "script.sh"},
        "text": {"en": words},
    }
    return ScriptDraft(new_id(), told, {"script.sh": _SHELL})


def begun(package: Package, based_on: Registered | None = None) -> ScriptDraft:
    """From a script that there is: the next version of it."""
    manifest = package.manifest
    told = told_of(manifest) | {"version": next_version(manifest.version)}
    files = {name: content for name, content in package.files.items() if name != MANIFEST}
    return ScriptDraft(new_id(), told, files, based_on.id if based_on is not None else None)


def next_version(version: str) -> str:
    """`1.1` after `1.0`, `1.0.3` after `1.0.2`; what is no version stays as it is."""
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        return version
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}"


def checked(draft: ScriptDraft, others: Mapping[str, Manifest]) -> Package:
    """The script that it would be; `others` are those that it may name. `BrokenScript` with all that is wrong."""
    text = draft.text
    package = package_of(draft.key, {**draft.files, MANIFEST: text.encode()})
    faults = faults_between({**others, draft.key: package.manifest}).get(draft.key, ())
    if faults:
        raise BrokenScript(draft.key, library.placed(text, faults))
    return package


def save(database: Database, actor: Actor, draft: ScriptDraft, *, over_newer: bool = False) -> Registered:
    """Store it as a new version, with the next free number.

    `BrokenScript`; `Conflict` `script.newer` where somebody stored another version since it was begun, unless that is
    meant; `NotAllowed`.
    """
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    there = registry.listed(database, retired=True)
    versions = [each for each in there if each.manifest.id == draft.key]
    if versions and not over_newer and versions[0].id != draft.based_on and draft.based_on is not None:
        newest = versions[0]
        raise Conflict("script.newer", name=draft.key, version=newest.manifest.version, by=newest.author)
    told = {**draft.told, "version": _free(str(draft.told.get("version", "")), versions)}
    if actor.name:
        told["author"] = actor.name
    others = {each.manifest.id: each.manifest for each in there if each.retired_at is None}
    package = checked(replace(draft, told=told), others)
    return registry.version(database, registry.add(database, actor, package))


def _free(version: str, versions: list[Registered]) -> str:
    taken = {each.manifest.version for each in versions}
    while version in taken and (following := next_version(version)) != version:
        version = following
    return version


@dataclass(frozen=True)
class ScriptDrafts:
    """Those that are being typed, in the journal: they survive a crash and a database that is away.

    Every method: errors as in `Journal`.
    """

    journal: Journal

    def keep(self, draft: ScriptDraft) -> None:
        files = {name: base64.b64encode(content).decode() for name, content in draft.files.items()}
        based_on = str(draft.based_on) if draft.based_on is not None else ""
        self.journal.write(Put(KIND, draft.id, {"told": dict(draft.told), "files": files, "based_on": based_on}))

    def forget(self, draft_id: UUID) -> None:
        self.journal.write(Drop(KIND, draft_id))

    def all(self) -> list[ScriptDraft]:
        """The one that was begun first comes first."""
        return [_draft(each.id, each.told) for each in self.journal.items(KIND)]


def _draft(draft_id: UUID, told: Mapping[str, Any]) -> ScriptDraft:
    files = {name: base64.b64decode(content) for name, content in told["files"].items()}
    return ScriptDraft(draft_id, told["told"], files, UUID(told["based_on"]) if told["based_on"] else None)
