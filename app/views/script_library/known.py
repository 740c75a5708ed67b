"""What the pages are filled with, read at one go. Pure but for the reading: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.services.desk import Desk
from app.services.remote_help import connections, host_keys, registry
from app.services.remote_help.authoring import ScriptDraft, ScriptDrafts
from app.services.remote_help.host_keys import PinnedKey
from app.services.remote_help.transports.carriers import carried, carrier_of
from app.views.script_library.library_model import ScriptRow, rows_of


@dataclass(frozen=True, slots=True)
class Known:
    """`kept` are the names of the secrets that this computer has, as `connections.secret_name` tells them.

    `drafts` were typed here and are not stored yet. `keyring` is false where this computer has none that protects.
    """

    scripts: Sequence[ScriptRow] = ()
    connections: Sequence[Connection] = ()
    keys: Sequence[PinnedKey] = ()
    kept: frozenset[str] = frozenset()
    drafts: Sequence[ScriptDraft] = ()
    keyring: bool = True

    def users_of(self, connection: Connection) -> list[str]:
        """The keys of the scripts that may go by a connection."""
        return [
            each.key
            for each in self.scripts
            if (shown := each.running or each.waiting) is not None and connections.meant([connection], shown.manifest)
        ]


def look(desk: Desk) -> Known:
    """As it is now. A keyring that is locked and a journal that cannot be read hold up nothing of it."""
    there = connections.listed(desk.database)
    return Known(
        rows_of(registry.listed(desk.database, retired=True)),
        there,
        host_keys.listed(desk.database),
        _kept(desk, there),
        _drafts(desk),
        desk.secrets.describe() is not None,
    )


def _kept(desk: Desk, there: Sequence[Connection]) -> frozenset[str]:
    """All transports are imported here, so that no form waits for one in the window's own thread."""
    secrets = {each: carrier_of(each).secrets for each in carried()}
    wanted = [connections.secret_name(each.name, name) for each in there for name in secrets.get(each.transport, ())]
    try:
        return frozenset(name for name in wanted if desk.secrets.get(name) is not None)
    except KnownError:
        return frozenset()


def _drafts(desk: Desk) -> Sequence[ScriptDraft]:
    try:
        return ScriptDrafts(desk.journal).all()
    except KnownError:
        return ()
