"""Every setting of a desk, declared once: its type, its default, what it is for."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.services.profile import PREFIX

_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$"


class Settings(BaseModel):
    """What a person or an administrator may set, in `firstline.toml` or as FIRSTLINE_* in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str = Field("", title="Database", description="postgresql://USER@HOST/NAME, or empty for an embedded one")
    agent: str = Field("", title="Mail address", description="Who works at this desk, as the staff list has it")
    language: str = Field("", title="Language", description="en, de, or empty for the system's")
    theme: Literal["system", "light", "dark"] = Field("system", title="Theme")
    scale: Literal["100", "125", "150", "175", "200"] = Field(
        "100", title="Size", description="Of letters and everything else, in percent of the desktop's"
    )
    notices: bool = Field(True, title="Notices", description="Tell what happens while you look elsewhere")
    quiet_from: str = Field("", pattern=_TIME, title="Quiet from", description="18:00, say; empty for never")
    quiet_until: str = Field("", pattern=_TIME, title="Quiet until", description="08:00, say; empty for never")
    quiet_weekend: bool = Field(False, title="Quiet at weekends")
    urgent_breaks_quiet: bool = Field(
        True, title="Urgent ones always", description="Tickets of the highest priority are told in quiet hours too"
    )
    max_mail_mb: int = Field(50, ge=1, le=500, title="Largest mail", description="Larger mails go to quarantine (MB)")
    phone_region: str = Field(
        "", pattern="^([A-Z]{2})?$", title="Country of phone numbers", description="DE, GB …; empty for the language's"
    )
    poll_seconds: float = Field(20, ge=1, le=3600, title="Look for mail every", description="Seconds")
    undo_send_seconds: float = Field(
        8, ge=0, le=120, title="Hold an answer back for", description="Seconds in which sending can be undone"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", title="Log level")

    @property
    def max_mail_bytes(self) -> int:
        return self.max_mail_mb * 1_000_000


def from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that the environment sets, by name."""
    names = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    return {names[key]: value for key, value in environment.items() if key in names}
