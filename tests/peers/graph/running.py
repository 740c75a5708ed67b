"""A server ready to use: the desk's mailbox, a shared one, and tokens."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.models.errors import ChannelError
from tests.peers.graph.server import GraphServer, Witness
from tests.peers.graph.store import Store

DESK = "desk@acme.example"
SHARED = "support@acme.example"
ANNA = "anna@acme.example"
TOKEN = "token-1"
CLIENT = "11111111-2222-3333-4444-555555555555"


class FixedTokens:
    """Gives the tokens it has, one after the other as they are refused; `asked` are those that were."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens or (TOKEN,))
        self.refused: list[str] = []

    def token(self, refused: str | None = None) -> str:
        if refused is not None:
            self.refused.append(refused)
            if len(self.left) > 1 and self.left[0] == refused:
                self.left.pop(0)
        if not self.left:
            raise ChannelError("sign_in.needed", passing=False)
        return self.left[0]


def populated() -> Store:
    """A store with the desk's mailbox, a shared one that the desk's account may use, and Anna's, which it may not."""
    store = Store()
    store.tokens |= {TOKEN: DESK, "token-2": DESK, "token-3": DESK}
    store.add_mailbox(DESK)
    store.add_mailbox(SHARED, DESK)
    store.add_mailbox(ANNA)
    return store


@contextmanager
def running(store: Store | None = None, witness: Witness | None = None) -> Iterator[GraphServer]:
    with GraphServer(store or populated(), witness=witness) as server:
        yield server
