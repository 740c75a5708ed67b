"""The connectors there are. Each is imported when it is used, so that starting the desk costs none of them."""

from importlib import import_module

from app.models.errors import KnownError
from app.services.channels.interface import Manifest

_MODULES = {
    "exchange": "app.services.channels.exchange.manifest",
    "folder": "app.services.channels.folder.manifest",
    "gmail": "app.services.channels.imap.gmail",
    "graph": "app.services.channels.graph.manifest",
    "imap": "app.services.channels.imap.manifest",
}


def kinds() -> tuple[str, ...]:
    """All kinds of channel, by name."""
    return tuple(_MODULES)


def connector_module(kind: str) -> str:
    """The module that a channel of `kind` is read and sent by; importing it imports all that it needs."""
    return f"{_MODULES[kind].rpartition('.')[0]}.connector"


def manifest(kind: str) -> Manifest:
    """The manifest of `kind`; `KnownError` `channel.unknown_kind` where there is none."""
    module = _MODULES.get(kind)
    if module is None:
        raise KnownError("channel.unknown_kind", kind=kind, kinds=", ".join(_MODULES))
    found: Manifest = import_module(module).MANIFEST
    return found
