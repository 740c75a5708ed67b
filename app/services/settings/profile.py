"""What a desk keeps on its own machine, in one folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from app.models.errors import KnownError


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
        return self.folder / "drafts"

    @property
    def calls(self) -> Path:
        """Calls that are being logged, or wait to be filed."""
        return self.folder / "calls"

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
