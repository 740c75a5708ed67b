"""What a desk keeps on its own machine, in one folder."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from app.models.errors import KnownError

PREFIX = "FIRSTLINE_"
"""What the names of settings begin with in the environment."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile folder and what lies in it. Made when first needed."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        return self.folder / "firstline.toml"

    @property
    def window_file(self) -> Path:
        """Where windows stood and what was last looked at."""
        return self.folder / "window.ini"

    @property
    def lock(self) -> Path:
        """Held by the one window of this profile."""
        return self.folder / "desk.lock"

    @property
    def database(self) -> Path:
        """The embedded database, where no shared one is set."""
        return self.folder / "firstline.db"

    @property
    def drafts(self) -> Path:
        """What was pasted into drafts; they themselves are in the journal."""
        return self.folder / "drafts"

    @property
    def journal(self) -> Path:
        """What was typed and is not in the database yet."""
        return self.folder / "journal"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def opened(self) -> Path:
        """Attachments while they are open in another program; for this person alone."""
        return self.folder / "opened"

    def ready(self) -> Path:
        """Make the folder; `KnownError` `profile.cannot_write` where that is not possible."""
        return make_private(self.folder)


@dataclass(frozen=True, slots=True)
class Look:
    """How a desk looks, as far as a glance at its settings tells."""

    theme: str = "system"
    language: str = ""
    scale: str = "100"


def glance(profile: Profile, environment: Mapping[str, str]) -> Look:
    """The look of the desk, before what checks the settings is loaded: what is wrong in them is told then, not here."""
    try:
        written = tomllib.loads(profile.settings_file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        written = {}
    names = ("theme", "language", "scale")
    told = {name: environment.get(f"{PREFIX}{name.upper()}", written.get(name)) for name in names}
    return Look(**{name: value for name, value in told.items() if isinstance(value, str)})


def find_profile(named: Path | None, environment: Mapping[str, str]) -> Profile:
    """The one named on the command line, else in FIRSTLINE_PROFILE, else the platform's own place."""
    if named is not None:
        return Profile(named.expanduser().absolute())
    if told := environment.get("FIRSTLINE_PROFILE"):
        return Profile(Path(told).expanduser().absolute())
    return Profile(user_data_path("Firstline", appauthor=False))


def make_private(folder: Path) -> Path:
    """A folder that only this person may look into; `KnownError` `profile.cannot_write`."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "permission denied")
    except OSError as error:
        raise KnownError("profile.cannot_write", folder=folder, reason=error.strerror or str(error)) from error
    return folder
