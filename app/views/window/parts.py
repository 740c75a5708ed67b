"""What the window is made of besides its panes: each part adds its commands and connects itself."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.views.about.part import AboutPart
from app.views.call.part import CallPart
from app.views.catalogue.part import CataloguePart
from app.views.changing.concern_part import ConcernPart
from app.views.changing.later_part import LaterPart
from app.views.changing.part import ChangingPart
from app.views.channels.part import ChannelsPart
from app.views.conflict.part import ConflictPart
from app.views.escalating.part import EscalatingPart
from app.views.export.part import ExportPart
from app.views.first_run.part import FirstRunPart
from app.views.history.part import HistoryPart
from app.views.incident.part import IncidentPart
from app.views.linking.part import LinkingPart
from app.views.notices.part import NoticesPart
from app.views.offline.part import OfflinePart
from app.views.oncall.part import OnCallPart
from app.views.palette.part import PalettePart
from app.views.presence.part import PresencePart
from app.views.queue.saved.part import SavedViewsPart
from app.views.remote_help.part import RemoteHelpPart
from app.views.remote_help.requests_part import RequestsPart
from app.views.script_library.part import ScriptLibraryPart
from app.views.server.part import ServerPart
from app.views.settings.part import SettingsPart
from app.views.shortcuts.part import ShortcutsPart
from app.views.staffing.part import StaffingPart
from app.views.swarm.part import SwarmPart
from app.views.tree.part import TreePart
from app.views.window.shell import Shell
from app.views.writing.part import WritingPart

PARTS: tuple[Callable[[Shell], QObject], ...] = (
    WritingPart,
    ChangingPart,
    ConcernPart,
    LaterPart,
    ConflictPart,
    CallPart,
    ChannelsPart,
    EscalatingPart,
    SwarmPart,
    IncidentPart,
    ExportPart,
    FirstRunPart,
    SettingsPart,
    HistoryPart,
    LinkingPart,
    NoticesPart,
    PalettePart,
    PresencePart,
    RemoteHelpPart,
    RequestsPart,
    SavedViewsPart,
    StaffingPart,
    TreePart,
    OnCallPart,
    CataloguePart,
    ScriptLibraryPart,
    OfflinePart,
    ServerPart,
    AboutPart,
    ShortcutsPart,
)
"""In the order of their commands in the palette and the menu."""
