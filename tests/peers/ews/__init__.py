"""A small Exchange Web Services server for tests, written from the published schema (messages.xsd, types.xsd).

It knows the operations that a mail client needs, keeps its mailboxes in memory or in a file that survives a restart,
and misbehaves on request (`Faults`), as real servers were seen to.
"""

from tests.peers.ews.faults import Faults
from tests.peers.ews.server import EwsServer
from tests.peers.ews.store import Mailbox, Store

__all__ = ["EwsServer", "Faults", "Mailbox", "Store"]
