"""Where people and programs sign in: Microsoft's clouds, and Google."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

MICROSOFT: Mapping[str, str] = MappingProxyType(
    {
        "global": "https://login.microsoftonline.com",
        "us_government": "https://login.microsoftonline.us",
        "us_defense": "https://login.microsoftonline.us",
        "china": "https://login.partner.microsoftonline.cn",
    }
)
"""The authority of each national cloud (learn.microsoft.com/entra/identity-platform/authentication-national-cloud)."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`ca_file` are certificates (PEM) to trust instead of the usual ones; None: the usual ones."""

    microsoft: Mapping[str, str] = field(default_factory=lambda: MICROSOFT)
    google_authorize: str = "https://accounts.google.com/o/oauth2/v2/auth"
    google_token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a token
    ca_file: Path | None = None
