"""What is done in the mailbox with mail that was taken in."""

from collections.abc import Iterator, Sequence

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import text_of
from app.services.channels.imap.session import Opened

_AT_ONCE = 200  # numbers in a command: some servers take no line above 8,000 characters (RFC 7162, 4)


def settle(client: IMAPClient, config: ImapConfig, opened: Opened, external_ids: Sequence[str]) -> None:
    """Flag or move those of this folder that are still in it. Safe to repeat."""
    prefix = f"{opened.validity}:"
    uids = [int(each.removeprefix(prefix)) for each in external_ids if each.startswith(prefix)]
    for some in _parts(uids):
        there = client.search(["UID", ",".join(map(str, some)), "UNDELETED"])
        if not there:
            continue
        if config.handled == "seen":
            client.add_flags(there, [b"\\Seen"], silent=True)
        else:
            _move(client, config, there)


def _move(client: IMAPClient, config: ImapConfig, uids: Sequence[int]) -> None:
    try:
        _move_to(client, config.move_to, uids)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if "[TRYCREATE]" not in str(error).upper():
            raise ChannelError(
                "imap.cannot_move", passing=False, server=config.host, folder=config.move_to, reason=text_of(error)
            ) from error
        client.create_folder(config.move_to)
        _move_to(client, config.move_to, uids)


def _move_to(client: IMAPClient, folder: str, uids: Sequence[int]) -> None:
    """By MOVE (RFC 6851), or by copying and deleting these alone (RFC 4315).

    Where a server has neither, they stay marked as deleted: EXPUNGE would take along what others have marked.
    """
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids, silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)


def _parts(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), _AT_ONCE):
        yield uids[start : start + _AT_ONCE]
