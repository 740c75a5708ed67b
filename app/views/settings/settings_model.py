"""What the settings dialog asks for, drawn from the settings themselves. Pure: it needs no widget."""

from typing import Any, Literal

from pydantic import BaseModel, create_model

from app.services.settings import Settings
from app.services.wording import languages

ASKED = (
    "language", "theme", "scale", "notices", "quiet_from", "quiet_until", "quiet_weekend", "urgent_breaks_quiet",
    "phone_region", "undo_send_seconds", "poll_seconds", "max_mail_mb",
)  # fmt: skip
AT_NEXT_START = frozenset({"language", "scale", "poll_seconds", "max_mail_mb"})


def asked_model() -> type[BaseModel]:
    """The settings that a person is asked for; of languages, those that there are."""
    fields: dict[str, Any] = {name: (info.annotation, info) for name, info in _infos().items()}
    fields["language"] = (Literal[("", *languages())], _infos()["language"])
    return create_model("Asked", **fields)


def changed(settings: Settings, entered: BaseModel) -> dict[str, str | float]:
    """What was entered and is not so yet."""
    return {name: value for name, value in entered.model_dump().items() if value != getattr(settings, name)}


def _infos() -> dict[str, Any]:
    return {name: Settings.model_fields[name] for name in ASKED}
