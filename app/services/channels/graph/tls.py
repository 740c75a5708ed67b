"""Which certificates are trusted."""

import ssl
import sys

import certifi

from app.models.errors import ChannelError


def context_for(ca_file: str) -> ssl.SSLContext:
    """Verifies certificate and host name, by `ca_file` alone, or by this computer's authorities where it is empty."""
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
        if not ca_file and not _has_authorities():
            context.load_verify_locations(certifi.where())
        return context
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ChannelError("graph.ca_file", passing=False, file=ca_file, reason=str(error)) from error


def _has_authorities() -> bool:
    """A frozen build can look for them where this computer has none; Windows has them elsewhere, and always."""
    paths = ssl.get_default_verify_paths()
    return sys.platform == "win32" or bool(paths.cafile or paths.capath)
