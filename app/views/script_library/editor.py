"""Writing a script: its manifest by form or as TOML, and its files. What is typed is kept until it is stored."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.models.errors import Conflict, KnownError
from app.services.remote_help.library import BrokenScript
from app.services.remote_help.registry import Registered
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.script_library import manifest_lines
from app.views.script_library.editor_control import EditorControl
from app.views.script_library.editor_model import SECTIONS, EditorModel
from app.views.script_library.manifest_form import ManifestForm
from app.views.script_library.parameters_page import ParametersPage
from app.views.script_library.program_page import ProgramPage
from app.views.script_library.toml_page import TomlPage

_KEEP_MS = 400


Page = ManifestForm | ParametersPage | ProgramPage | TomlPage


class ScriptEditor(QDialog):
    """Ctrl+S stores it as a new version. A window that is closed keeps what was typed; `stored` brings the version."""

    stored = Signal(Registered)

    def __init__(self, model: EditorModel, control: EditorControl, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model, self.control, self._appearance = model, control, appearance
        control.setParent(self)
        self._touched = self._gone = False
        self._kept_text = model.draft.text
        self._pages: dict[str, Page] = {}
        self.title, self.told = QLabel(), Banner(appearance)
        self.tabs, self._stack = QTabBar(), QStackedWidget()
        self.save_, self.discard_ = QPushButton(tr("script_editor.save")), QPushButton(tr("script_editor.discard"))
        self._keeping = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._build()
        self._fill()
        self._connect()
        self.resize(1000, 800)

    def page(self, name: str) -> Page:
        """One of `SECTIONS`."""
        return self._pages[name]

    def show_page(self, name: str) -> None:
        self.tabs.setCurrentIndex(SECTIONS.index(name))

    def save(self) -> None:
        """Where something is wrong, the first of it is shown in its place and nothing is stored."""
        self._take_text()
        if self._unread() or not self.model.check():
            self._show_problems(move=True)
            return
        self.save_.setEnabled(False)
        self.control.save(self.model.draft)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as the window's cross does: what was typed is kept."""
        self.keep()
        super().reject()

    def keep(self) -> None:
        """Write down what was typed and is not on the disk yet."""
        self._take_text()
        if self._touched and not self._gone:
            self._touched = False
            self._keeping.stop()
            self.control.keep(self.model.draft)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self.save_.clicked.connect(self.save)
        self.discard_.clicked.connect(self._ask_to_discard)
        self._keeping.timeout.connect(self.keep)
        self.control.saved.connect(self._saved)
        self.control.refused.connect(self._refused)
        self.control.unkept.connect(lambda error: self.told.tell("warning", tr_error(error)))
        self.control.known.connect(self._know)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        for place in range(len(SECTIONS)):
            QShortcut(QKeySequence(f"Alt+{place + 1}"), self, lambda place=place: self.tabs.setCurrentIndex(place))
        self.control.look()

    def _fill(self) -> None:
        """Every page anew, with what the model says."""
        for name in SECTIONS[:-1]:
            self._place(name, self._made(name))
        if "text" not in self._pages:
            self._place("text", self._made("text"))
        self._name()

    def _made(self, name: str) -> Page:
        model = self.model
        made: Page
        match name:
            case "parameters":
                made = ParametersPage(model, self._appearance)
            case "program":
                made = ProgramPage(model)
                made.refused.connect(lambda error: self.told.tell("error", tr_error(error)))
            case "text":
                made = TomlPage(model, self._appearance)
            case "texts":
                parts = [(tr(f"script_language.{each}"), manifest_lines.texts(each)) for each in model.languages]
                made = ManifestForm(model, parts)
            case _:
                made = ManifestForm(model, [("", getattr(manifest_lines, name)())])
        made.changed.connect(self._changed if name != "text" else self._changed_as_text)
        return made

    def _place(self, name: str, page: Page) -> None:
        before, place = self._pages.get(name), SECTIONS.index(name)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()
        self._pages[name] = page
        self._stack.insertWidget(place, page)

    def _turn(self, place: int) -> None:
        """The TOML is as the forms are, and they as it."""
        if self._stack.currentIndex() == SECTIONS.index("text") != place:
            self._take_text()
            self._fill()
        page = self._pages[SECTIONS[place]]
        if isinstance(page, TomlPage):
            self.model.check()
            page.fill()
        self._stack.setCurrentIndex(place)
        page.tell_problems()

    def _take_text(self) -> None:
        page = self._pages["text"]
        if isinstance(page, TomlPage) and self._stack.currentWidget() is page:
            page.take()

    def _unread(self) -> bool:
        page = self._pages["text"]
        return isinstance(page, TomlPage) and page.unread is not None and self._stack.currentWidget() is page

    def _changed(self) -> None:
        self._touched = True
        self._keeping.start()
        self._name()
        if self.model.problems:
            self.model.check()
            self._show_problems(move=False)

    def _changed_as_text(self) -> None:
        if self.model.draft.text != self._kept_text:
            self._kept_text = self.model.draft.text
            self._changed()

    def _show_problems(self, *, move: bool) -> None:
        """Pages with something wrong have a mark; with `move` the first is shown."""
        wrong = self.model.sections_with_problems()
        for place, name in enumerate(SECTIONS):
            self.tabs.setTabIcon(place, self._appearance.icon("warning", "danger") if name in wrong else QIcon())
            self.tabs.setTabToolTip(place, tr("script_editor.wrong") if name in wrong else "")
        if move and not self._unread():
            first = next((name for name in SECTIONS if name in wrong), "general")
            is_text = self._stack.currentIndex() == SECTIONS.index("text")
            if not is_text and SECTIONS[self._stack.currentIndex()] not in wrong:
                self.show_page(first)
            count = len(self.model.problems)
            self.told.tell("error", self.model.elsewhere() or tr("script_editor.problems", count=count))
        elif not self.model.problems:
            self.told.hide()
        self._pages[SECTIONS[self._stack.currentIndex()]].tell_problems(move=move)

    def _know(self, others: object) -> None:
        assert isinstance(others, dict)
        self.model.others = others

    def _saved(self, version: Registered) -> None:
        self._gone = True
        self.stored.emit(version)
        self.accept()

    def _refused(self, error: KnownError) -> None:
        self.save_.setEnabled(True)
        if isinstance(error, BrokenScript):
            self.model.problems = error.fields
            self._show_problems(move=True)
        elif isinstance(error, Conflict) and error.code == "script.newer":
            over = (tr("script_editor.save_over"), lambda: self.control.save(self.model.draft, over_newer=True))
            self.told.tell("warning", tr_error(error), over)
            self.told.focus_action()
        else:
            self.told.tell("error", tr_error(error))

    def _ask_to_discard(self) -> None:
        self.told.tell("warning", tr("script_editor.ask_discard"), (tr("script_editor.yes_discard"), self._discard))
        self.told.focus_action()

    def _discard(self) -> None:
        self._gone = True
        self.control.forget(self.model.draft)
        self.accept()

    def _name(self) -> None:
        key = self.model.draft.key
        words = tr("script_editor.title", name=key) if key else tr("script_editor.new_title")
        self.setWindowTitle(words)
        self.title.setText(words)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.told)
        column = QVBoxLayout()
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        words = QLabel(tr("script_editor.words"))
        words.setWordWrap(True)
        words.setProperty("role", "caption")
        for name in SECTIONS:
            self.tabs.addTab(tr(f"script_section.{name}"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(tr("script_editor.pages"))
        for widget in (self.title, words, self.tabs):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.addWidget(self.discard_)
        row.addStretch(1)
        row.addWidget(self.save_)
        for button in (self.discard_, self.save_):
            button.setAutoDefault(False)
        self.save_.setProperty("role", "primary")
        column.addLayout(row)
        whole.addLayout(column, 1)
