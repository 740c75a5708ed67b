"""Remote help in the window: a script is chosen by a few letters, what fits the ticket first."""

from PySide6.QtCore import QObject

from app.models.records.scripts import Manifest
from app.models.rules.script_values import filled_in
from app.services.remote_help import registry
from app.services.remote_help.registry import Registered
from app.services.wording import language, tr
from app.views.changing.choices import fitting
from app.views.kit.picker import Picker, PickItem
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog import RunDialog
from app.views.remote_help.model import known_of, offers
from app.views.window.shell import Shell


class RemoteHelpPart(QObject):
    """F9 chooses a script for the ticket that is shown, or for none."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("remote help")
        self._shell = shell
        self.dialog: RunDialog | None = None
        shell.commands.section("ticket")
        shell.commands.add("script", "F9", "code", self.choose)
        shell.closing.connect(self._stop)

    def choose(self) -> Picker:
        """Which script? Those that are proposed say why."""
        shell, items = self._shell, list[PickItem]()
        picker = Picker(
            shell.appearance, tr("remote_view.choose"), lambda typed: fitting(typed, items), shell.window,
            hint=tr("remote_view.choose_hint"),
        )  # fmt: skip
        picker.picked.connect(lambda item: self.open(item.value))

        def arrived(found: list[Registered]) -> None:
            items.extend(self._items([each.manifest for each in found if each.may_run]))
            picker.look_again()

        shell.runner.read(picker, lambda: registry.listed(shell.desk.database), arrived, shell.fail)
        picker.open()
        return picker

    def open(self, manifest: Manifest) -> RunDialog:
        """The form of a script, filled with what the ticket tells."""
        shell, ticket = self._shell, self._shell.ticket.ticket
        known = known_of(ticket)
        ticket_id = ticket.row.id if ticket is not None else None
        dialog = RunDialog(manifest, filled_in(manifest, known), ticket_id, shell.appearance, shell.window)
        control = RunControl(shell.desk, shell.runner, dialog.output.say)
        control.ended.connect(lambda *_: shell.bus.look())
        dialog.work_with(control)
        if manifest.target_from is not None:
            dialog.form.targets_.setText(known.get(manifest.target_from, ""))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.show()
        dialog.form.setFocus()
        return dialog

    def _items(self, manifests: list[Manifest]) -> list[PickItem]:
        found = []
        for each in offers(manifests, self._shell.ticket.ticket):
            words = each.manifest.words(language())
            found.append(PickItem(words.name, each.manifest, detail=each.why or words.description, icon="code"))
        return found

    def _closed(self, *_: object) -> None:
        self.dialog = None

    def _stop(self) -> None:
        if self.dialog is not None and self.dialog.control is not None:
            self.dialog.control.stop()
