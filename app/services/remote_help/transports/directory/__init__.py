"""The desk's operations on Active Directory, over verified LDAPS."""

from app.services.remote_help.transports.directory.carrier import DirectoryCarrier

__all__ = ["DirectoryCarrier"]
