"""What the editor asks for: to know the other scripts, to store this one, and to keep what is typed of it."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.scripts import Manifest
from app.services.desk import Desk
from app.services.remote_help import authoring, registry
from app.services.remote_help.authoring import ScriptDraft, ScriptDrafts
from app.services.remote_help.registry import Registered
from app.views.kit.task_runner import TaskRunner


class EditorControl(QObject):
    """`known` brings the other scripts by key. `saved` brings the version that is stored now, `refused` why it is not;
    `unkept` tells that what is typed could not be written down on this machine."""

    known = Signal(object)
    saved = Signal(Registered)
    refused = Signal(KnownError)
    unkept = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._drafts = ScriptDrafts(desk.journal)

    def look(self) -> None:
        def work() -> dict[str, Manifest]:
            return {each.manifest.id: each.manifest for each in registry.listed(self._desk.database)}

        self._runner.read(self, work, self.known.emit, self.refused.emit)

    def save(self, draft: ScriptDraft, *, over_newer: bool = False) -> None:
        """Store it as a new version; once it is, what was kept of it is forgotten."""
        database, actor, drafts = self._desk.database, self._desk.actor, self._drafts
        assert actor is not None

        def work() -> Registered:
            saved = authoring.save(database, actor, draft, over_newer=over_newer)
            drafts.forget(draft.id)
            return saved

        self._runner.write(self, work, self.saved.emit, self.refused.emit)

    def keep(self, draft: ScriptDraft) -> None:
        self._runner.keep(self, partial(self._drafts.keep, draft), _nothing, self.unkept.emit)

    def forget(self, draft: ScriptDraft) -> None:
        self._runner.keep(self, partial(self._drafts.forget, draft.id), _nothing, self.unkept.emit)


def _nothing(_done: None) -> None:
    """It is on the disk."""
