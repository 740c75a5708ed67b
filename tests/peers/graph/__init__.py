"""A small Microsoft Graph for tests, written from the published documentation of its mail API (v1.0).

It keeps its mailboxes in memory, tells changes behind marks, keeps ids through a move, takes uploads in parts, and
misbehaves on request (`Faults`). What it is asked can be checked besides by Prism against Microsoft's own metadata.
"""

from tests.peers.graph.faults import Faults
from tests.peers.graph.server import GraphServer
from tests.peers.graph.store import Mailbox, Store

__all__ = ["Faults", "GraphServer", "Mailbox", "Store"]
