"""What one can do while writing, besides writing: put in texts and files, and find what was left unfinished."""

from uuid import UUID

from PySide6.QtCore import QObject

from app.services.drafts import StoredDraft
from app.services.wording import tr
from app.views.kit.change_bus import Changes
from app.views.kit.matching import best
from app.views.kit.picker import Picker, PickItem
from app.views.window.shell import Shell
from app.views.writing.ask_link import AskLink
from app.views.writing.offers import canned_items
from app.views.writing.texts_dialog import TextsDialog
from app.views.writing.writing_control import WritingControl

_ICONS = {"answer": "reply", "forward": "forward", "note": "note"}


class WritingPart(QObject):
    """Registers the commands of the composer."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell, self._composer = shell, shell.layout.composer
        control = shell.window.findChild(WritingControl)
        assert isinstance(control, WritingControl)
        self._writing, self._control = shell.writing, control
        self._add_commands()
        self._composer.text_wanted.connect(self.pick_text)
        self._composer.text.link_wanted.connect(self.ask_link)
        control.listed.connect(self._offer_drafts)
        shell.bus.changed.connect(self._changed)

    def pick_text(self) -> Picker | None:
        """Choose a canned reply by a few letters of its name."""
        self._writing.aids.look_for_offers()
        find = lambda typed: canned_items(typed, self._writing.aids.offered.canned)  # noqa: E731
        if not self._writing.aids.offered.canned:
            self._shell.warn(tr("writing.canned_none"))
            return None
        picker = Picker(self._shell.appearance, tr("writing.canned_title"), find, self._shell.window)
        picker.picked.connect(lambda item: self._writing.insert(item.value.html))
        picker.open()
        return picker

    def ask_link(self, href: str) -> AskLink:
        """Ask where the chosen words lead."""
        dialog = AskLink(href, self._shell.window)
        dialog.given.connect(self._composer.text.set_link)
        dialog.open()
        return dialog

    def open_texts(self) -> TextsDialog:
        """Change canned replies and signatures."""
        shell = self._shell
        dialog = TextsDialog(shell.desk, shell.runner, shell.appearance, self._writing.aids.values, shell.window)
        dialog.open()
        return dialog

    def _add_commands(self) -> None:
        commands, add = self._shell.commands, self._shell.commands.add
        commands.section("answering")
        add("send_and", "Ctrl+Shift+Return", "mail-out", self._send_and)
        add("canned", "Ctrl+J", "text", self.pick_text, needs_ticket=True)
        add("attach", "Ctrl+Alt+F", "attach", self._attach)
        add("drafts", "Ctrl+Shift+J", "draft", self._control.look_for_drafts)
        add("texts", "Ctrl+Alt+T", "settings", self.open_texts)

    def _send_and(self) -> None:
        if self._composer.isVisible():
            self._composer.send_and()

    def _attach(self) -> None:
        if self._composer.isVisible():
            self._composer.attach_files()

    def _offer_drafts(self, drafts: list[tuple[UUID, StoredDraft]]) -> None:
        items = [(f"{draft.number} {draft.title}", _item(ticket_id, draft)) for ticket_id, draft in drafts]
        find = lambda typed: [item for item, _ in best(typed, items, len(items))]  # noqa: E731
        if not drafts:
            self._shell.tell(tr("writing.drafts_nothing"))
            return
        picker = Picker(self._shell.appearance, tr("writing.drafts_title"), find, self._shell.window)
        picker.picked.connect(lambda item: self._shell.ticket.open(item.value))
        picker.open()

    def _changed(self, changes: Changes) -> None:
        if changes.topics & {"canned_reply", "team"}:
            self._writing.aids.look_for_offers()


def _item(ticket_id: UUID, draft: StoredDraft) -> PickItem:
    begun = " ".join(draft.text.split())[:60]
    number = f"#{draft.number}  " if draft.number else ""
    return PickItem(f"{number}{draft.title or draft.subject}", ticket_id, begun, _ICONS.get(draft.kind, "draft"))
