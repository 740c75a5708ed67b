"""The library's place in the window: a command that opens its dialog, for administrators only."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.models.records.scripts import Package
from app.models.rules.permissions import Action, may
from app.services.remote_help import authoring, library
from app.services.remote_help.authoring import ScriptDraft
from app.services.remote_help.registry import Registered
from app.services.wording import language, tr
from app.views.changing.choices import fitting
from app.views.kit.change_bus import Changes
from app.views.kit.picker import Picker, PickItem
from app.views.script_library.dialog import LibraryDialog
from app.views.script_library.editor import ScriptEditor
from app.views.script_library.editor_control import EditorControl
from app.views.script_library.editor_model import EditorModel
from app.views.script_library.trying import open_test
from app.views.window.shell import Shell

_TOPICS = frozenset({"script", "remote_connection", "host_key", "script_run"})


class ScriptLibraryPart(QObject):
    """Ctrl+Shift+F9: scripts, connections and host keys; one dialog at a time, beside which the window is in use."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("script library")
        self._shell = shell
        self.dialog: LibraryDialog | None = None
        self.editors: list[ScriptEditor] = []
        shell.bus.changed.connect(self._changed)
        shell.bus.lost.connect(self._lost)
        shell.bus.found.connect(self._found)
        shell.commands.section("window")
        shell.commands.add("script_library", "Ctrl+Shift+F9", "code", self.open)
        shell.started.connect(self._allow)
        shell.closing.connect(self._keep)
        self._allow()

    def open(self, page: str = "scripts") -> LibraryDialog | None:
        """Show the dialog at a page (`dialog.PAGES`); None where this person may not."""
        shell = self._shell
        if not self._may():
            return None
        if self.dialog is None:
            self.dialog = LibraryDialog(shell.desk, shell.runner, shell.appearance, shell.window)
            self.dialog.control.done.connect(lambda _words: shell.bus.look())
            self.dialog.edit_wanted.connect(self._edit_version)
            self.dialog.begin_wanted.connect(self.begin)
            self.dialog.draft_wanted.connect(self.edit)
            self.dialog.try_wanted.connect(lambda version: open_test(shell, version))
            self.dialog.destroyed.connect(self._gone)
        self.dialog.show_page(page)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def begin(self) -> Picker:
        """From what is a new script begun? From nothing, from what ships, or from what was typed before."""
        shell = self._shell
        drafts = self.dialog.drafts if self.dialog is not None else ()
        items = [PickItem(tr("script_begin.blank"), None, icon="add")]
        items += [PickItem(tr("script_begin.go_on", name=_named(each)), each, icon="draft") for each in drafts]
        parent = self.dialog or shell.window
        picker = Picker(shell.appearance, tr("script_begin.title"), lambda typed: fitting(typed, items), parent)
        picker.picked.connect(lambda item: self._begin_from(item.value))

        def arrived(found: Mapping[str, Package]) -> None:
            for each in found.values():
                words = each.manifest.words(language())
                items.append(PickItem(words.name, each, detail=words.description, icon="code"))
            picker.look_again()

        shell.runner.read(picker, library.built_in, arrived, shell.fail)
        picker.open()
        return picker

    def edit(self, draft: ScriptDraft) -> ScriptEditor:
        """Type into a script; one window for each draft."""
        shell = self._shell
        for open_ in self.editors:
            if open_.model.draft.id == draft.id:
                open_.raise_()
                return open_
        parent = self.dialog or shell.window
        editor = ScriptEditor(EditorModel(draft), EditorControl(shell.desk, shell.runner), shell.appearance, parent)
        self.editors.append(editor)
        editor.finished.connect(lambda _result: self._closed(editor))
        editor.stored.connect(self._stored)
        editor.show()
        editor.activateWindow()
        return editor

    def _begin_from(self, chosen: object) -> None:
        if isinstance(chosen, ScriptDraft):
            self.edit(chosen)
        else:
            self.edit(authoring.begun(chosen) if isinstance(chosen, Package) else authoring.blank())

    def _edit_version(self, version: Registered) -> None:
        if self.dialog is not None:
            self.dialog.control.package(version.id, partial(self._edit_package, version))

    def _edit_package(self, version: Registered, package: Package) -> None:
        self.edit(authoring.begun(package, version))

    def _stored(self, version: Registered) -> None:
        manifest = version.manifest
        words = tr("script_editor.stored", name=manifest.id, version=manifest.version)
        self._shell.bus.look()
        if self.dialog is not None:
            self.dialog.show_stored(manifest.id, words)
        else:
            self._shell.tell(words)

    def _closed(self, editor: ScriptEditor) -> None:
        if editor in self.editors:
            self.editors.remove(editor)
        if self.dialog is not None:
            self.dialog.control.look()

    def _keep(self) -> None:
        for each in list(self.editors):
            each.keep()

    def _may(self) -> bool:
        actor = self._shell.desk.actor
        return actor is not None and may(actor, Action.ADMINISTER)

    def _allow(self) -> None:
        self._shell.commands.enable("script_library", self._may())

    def _changed(self, changes: Changes) -> None:
        if self.dialog is not None and changes.topics & _TOPICS:
            self.dialog.control.look()

    def _lost(self, error: KnownError) -> None:
        if self.dialog is not None:
            self.dialog.lost(error)

    def _found(self) -> None:
        if self.dialog is not None:
            self.dialog.told.hide()
            self.dialog.control.look()

    def _gone(self) -> None:
        self.dialog = None


def _named(draft: ScriptDraft) -> str:
    return draft.key or tr("script_editor.new_title")
