"""A run while it runs and when it is over: its targets, what they say, their results, and what comes next."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.models.errors import KnownError
from app.models.records.runs import Run
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.remote_help.documents import DocumentView, TableView
from app.views.remote_help.feed import Feed
from app.views.remote_help.model import documents_of, seconds_words, tables_of
from app.views.remote_help.output_view import OutputView
from app.views.remote_help.results import ResultsTable
from app.views.remote_help.reveal import RevealPanel

_EVERY_MS = 60
_BAR = 1000


class RunPage(QWidget):
    """Looks at its `feed` some times a second. `target` is what a target is called; `failed` brings why a table could
    not be exported."""

    failed = Signal(KnownError)

    def __init__(self, appearance: Appearance, target: str) -> None:
        super().__init__()
        self.feed = Feed(())
        self.bar, self.state = QProgressBar(textVisible=False), QLabel()
        self.results, self.reveal = ResultsTable(appearance, target), RevealPanel()
        self._target = target
        self.output, self.table, self.document = OutputView(), TableView(), DocumentView()
        self.tabs, self.heading = QTabWidget(), QLabel()
        self.follow = QHBoxLayout()
        self._followers: list[QPushButton] = []
        self._began = 0.0
        self._several = False
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.results.chosen.connect(self._choose)
        self._build()

    def begin(self, feed: Feed) -> None:
        """Anew, from this feed."""
        self.feed = feed
        self._several = len(feed.states) > 1
        self._began = feed.now
        self.results.begin(list(feed.states))
        self.output.show_lines(())
        for tab in (self.tabs.indexOf(self._tabled), self.tabs.indexOf(self.document)):
            self.tabs.setTabVisible(tab, False)
        self.tabs.setCurrentIndex(0)
        self.offer(())
        self._choose("")
        self.bar.show()
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Show what came since."""
        news, chosen = self.feed.take(), self.results.current
        if chosen:
            self.output.add([text for target, text in news.lines if target == chosen])
        elif self._several:
            self.output.add([f"{target}  {text}" for target, text in news.lines], news.missed)
        else:
            self.output.add([text for _, text in news.lines], news.missed)
        self.reveal.reveal(news.revealed)
        self.results.show_feed(self.feed)
        share = self.feed.share
        self.bar.setRange(0, 0 if share is None else _BAR)
        if share is not None:
            self.bar.setValue(round(share * _BAR))
        self.state.setText(seconds_words(self.feed.now - self._began))

    def finish(self) -> None:
        """Nothing more will come."""
        self._timer.stop()
        self.look()
        self.bar.hide()
        if self.feed.left_out:
            self._choose(self.results.current)

    def show_run(self, run: Run) -> None:
        """What it came to, besides what it said."""
        table = tables_of(run.results, self._target)
        if table is not None:
            self.table.show_table(*table)
            self._show_tab(self._tabled)
            self.tabs.setTabText(self.tabs.indexOf(self._tabled), tr("remote_view.tab_table", count=len(table[1])))
        document = documents_of(run.results)
        if document is not None:
            self.document.show_document(document)
            self._show_tab(self.document)

    def offer(self, followers: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """What can be done next, each as a button."""
        for each in self._followers:
            self.follow.removeWidget(each)
            each.deleteLater()
        self._followers = []
        for place, (words, do) in enumerate(followers):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, do=do: do())
            self.follow.insertWidget(place, button)
            self._followers.append(button)

    @property
    def followers(self) -> Sequence[QPushButton]:
        return tuple(self._followers)

    def _choose(self, target: str) -> None:
        """The output of one, or of all from now on."""
        if target:
            self.output.show_lines(self.feed.lines_of(target))
        else:
            self.output.show_lines(self._all_lines())
        words = tr("remote_view.output_of", target=target) if target else tr("remote_view.tab_output")
        self.tabs.setTabText(0, words)
        self.all.setVisible(bool(target) and self._several)

    def _all_lines(self) -> list[str]:
        """The last that each target said; where there are several, with its name."""
        feed = self.feed
        told = [(f"{each}  " if self._several else "", feed.lines_of(each)) for each in list(feed.states)]
        return [f"{head}{text}" for head, lines in told for text in lines]

    def _show_tab(self, widget: QWidget) -> None:
        place = self.tabs.indexOf(widget)
        self.tabs.setTabVisible(place, True)
        self.tabs.setCurrentIndex(place)

    def _build(self) -> None:
        self.bar.setFixedHeight(5)
        self.bar.setAccessibleName(tr("remote_view.progress"))
        self.all = QPushButton(tr("remote_view.output_of_all"))
        self.all.setProperty("role", "link")
        self.all.clicked.connect(self.results.clearSelection)
        self.tabs.setDocumentMode(True)
        self.tabs.setCornerWidget(self.all)
        self.tabs.addTab(self.output, tr("remote_view.tab_output"))
        self.tabs.addTab(self._with_export(), tr("remote_view.table"))
        self.tabs.addTab(self.document, tr("remote_view.json"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.bar, self.results, self.reveal):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        self.follow.setSpacing(8)
        self.follow.addStretch(1)
        column.addLayout(self.follow)

    def _with_export(self) -> QWidget:
        self._tabled = QWidget()
        self.copy, self.export = QPushButton(tr("remote_view.copy_table")), QPushButton(tr("remote_view.export"))
        self.copy.clicked.connect(self.table.copy)
        self.export.clicked.connect(self._export)
        row = QHBoxLayout()
        for button in (self.copy, self.export):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self._tabled)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        return self._tabled

    def _export(self) -> None:
        error = self.table.ask_export()
        if error is not None:
            self.failed.emit(error)
