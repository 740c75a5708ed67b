"""The scripts there are, each with its versions, in words. Pure: it needs no widget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.rules.folding import fold
from app.services.remote_help.registry import Registered
from app.services.wording import language, tr, tr_error
from app.views.kit.times import date_words

_DIGEST = 12


class State(StrEnum):
    """How it stands with a script: its newest version WAITS for approval, or it RUNS, or it is RETIRED."""

    WAITS = "waits"
    RUNS = "runs"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ScriptRow:
    """All versions of a script, the newest first."""

    key: str
    versions: tuple[Registered, ...]

    @property
    def newest(self) -> Registered:
        return self.versions[0]

    @property
    def running(self) -> Registered | None:
        return next((each for each in self.versions if each.may_run), None)

    @property
    def waiting(self) -> Registered | None:
        """The newest version, where nobody approved it yet."""
        return self.newest if state_of(self.newest) is State.WAITS else None

    @property
    def state(self) -> State:
        if self.waiting is not None:
            return State.WAITS
        return State.RUNS if self.running is not None else State.RETIRED

    @property
    def shown(self) -> Registered:
        """What the list tells of it: what waits, or what runs, or the last there was."""
        return self.waiting or self.running or self.newest

    def before(self, version: Registered) -> Registered | None:
        """What a version is compared with: what runs while it waits, else the one stored before it."""
        if state_of(version) is State.WAITS and self.running is not None:
            return self.running
        place = [each.id for each in self.versions].index(version.id)
        return self.versions[place + 1] if place + 1 < len(self.versions) else None


def rows_of(listed: Iterable[Registered]) -> list[ScriptRow]:
    """By key; within one the newest first, as `listed` has them."""
    found: dict[str, list[Registered]] = {}
    for each in listed:
        found.setdefault(each.manifest.id, []).append(each)
    return [ScriptRow(key, tuple(versions)) for key, versions in sorted(found.items())]


def fitting(rows: Sequence[ScriptRow], typed: str, state: State | None) -> list[ScriptRow]:
    """Those in that state (None: in any) that hold every word that was typed."""
    wanted = fold(typed).split()
    return [
        each
        for each in rows
        if (state is None or each.state == state) and all(word in _searched(each) for word in wanted)
    ]


def state_of(version: Registered) -> State:
    if version.retired_at is not None:
        return State.RETIRED
    return State.RUNS if version.approved_at is not None else State.WAITS


def cells(row: ScriptRow) -> tuple[str, str, str, str, str, str]:
    """Name, state, version, risk, transport and author, as the list shows them."""
    shown, manifest = row.shown, row.shown.manifest
    return (
        manifest.words(language()).name,
        tr(f"script_state.{row.state.value}"),
        manifest.version,
        tr(f"script_risk.{manifest.risk.value}"),
        tr(f"script_transport.{manifest.transport.value}"),
        shown.author or manifest.author,
    )


def state_words(version: Registered) -> str:
    """Who wrote a version, who let it run, and when."""
    author = version.author or version.manifest.author or tr("script_library.nobody")
    told = [tr("script_library.added", author=author, at=date_words(version.added_at))]
    if version.approved_at is not None:
        by = version.approved_by or tr("script_library.system")
        told.append(tr("script_library.approved", by=by, at=date_words(version.approved_at)))
    if version.retired_at is not None:
        told.append(tr("script_library.retired", at=date_words(version.retired_at)))
    elif version.approved_at is None:
        told.append(tr("script_library.waits"))
    return " ".join(told)


def short(digest: str) -> str:
    return f"{digest[:_DIGEST]}…"


def why_not_approve(version: Registered, actor: Actor | None) -> str:
    """Why this person cannot let it run, in words; empty where they can."""
    if actor is not None and version.author_id is not None and version.author_id == actor.id:
        return tr_error(KnownError("script.own", name=version.manifest.id))
    return ""


def may_try(version: Registered, actor: Actor | None) -> bool:
    """Whether this person may run it for a test: their own, which nobody approved yet."""
    is_own = actor is not None and actor.id is not None and version.author_id == actor.id
    return is_own and state_of(version) is State.WAITS


def _searched(row: ScriptRow) -> str:
    manifest = row.shown.manifest
    words = (each for spoken in manifest.text.values() for each in (spoken.name, spoken.description))
    return fold(" ".join((row.key, *words, *cells(row), manifest.category.value)))
