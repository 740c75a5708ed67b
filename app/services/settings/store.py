"""Reading and writing `firstline.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from pydantic import ValidationError

from app.models.errors import KnownError
from app.services.profile import PREFIX, Profile
from app.services.settings.options import Settings, from_environment
from app.services.whole_file import write_whole


def load_settings(profile: Profile, environment: Mapping[str, str]) -> Settings:
    """The file's settings with the environment's on top.

    `KnownError`: `settings.broken` (file, what is wrong and in which line), `settings.bad_value` (which, and why).
    """
    written = _read(profile.settings_file)
    told = from_environment(environment)
    try:
        return Settings.model_validate({**written, **told})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(map(str, first["loc"]))
        where = f"{PREFIX}{name.upper()}" if name in told else str(profile.settings_file)
        raise KnownError("settings.bad_value", name=name, where=where, reason=first["msg"]) from error


def save_setting(profile: Profile, name: str, value: str | float) -> None:
    """Write one setting into the file, which keeps its comments; the old file stays until the new one is whole."""
    profile.ready()
    file = profile.settings_file
    _read(file)
    document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
    document[name] = value
    write_whole(file, tomlkit.dumps(document).encode())


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise KnownError("settings.broken", file=file, reason=str(error)) from error
    except UnicodeDecodeError as error:
        raise KnownError("settings.broken", file=file, reason="UTF-8") from error
    except OSError as error:
        raise KnownError("file.cannot_read", file=file, reason=error.strerror or str(error)) from error
