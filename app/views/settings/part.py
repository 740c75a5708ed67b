"""The settings' place in the window: what can be is applied at once, the rest at the next start."""

from PySide6.QtCore import QObject

from app.services.settings import Settings, save_setting
from app.services.wording import tr
from app.views.settings.dialog import SettingsDialog
from app.views.settings.settings_model import AT_NEXT_START
from app.views.window.shell import Shell


class SettingsPart(QObject):
    """Ctrl+, opens them."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        shell.commands.section("window")
        shell.commands.add("settings", "Ctrl+,", "settings", self.open)

    def open(self) -> SettingsDialog:
        """Show the dialog, and hand it out."""
        dialog = SettingsDialog(self._shell.desk.settings, self._shell.window)
        dialog.stored.connect(self._store)
        dialog.open()
        return dialog

    def _store(self, changes: dict[str, str | float]) -> None:
        profile = self._shell.desk.profile

        def work() -> None:
            for name, value in changes.items():
                save_setting(profile, name, value)

        self._shell.runner.write(self, work, lambda _none: self._apply(changes), self._shell.fail)

    def _apply(self, changes: dict[str, str | float]) -> None:
        shell = self._shell
        shell.desk.settings = Settings.model_validate(shell.desk.settings.model_dump() | changes)
        if "theme" in changes:
            shell.appearance.choose(shell.desk.settings.theme)
        later = AT_NEXT_START & changes.keys()
        shell.tell(tr("settings.stored_later") if later else tr("settings.stored"))
