"""An Active Directory domain controller, as Samba from Debian makes one."""

from tests.peers.samba.domain import Domain

__all__ = ["Domain"]
