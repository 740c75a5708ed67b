"""Folders that mean something in every language (RFC 6154): the flags say it, the names do not."""

from imapclient import IMAPClient

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import told

_NOT_READ = (b"\\All", b"\\Sent", b"\\Drafts", b"\\Trash", b"\\Junk")


def sent_folder(client: IMAPClient) -> str | None:
    """Where the server files what is sent; None where it does not say."""
    return next((name for flags, _, name in client.list_folders() if b"\\Sent" in flags), None)


def see_that_it_is_readable(client: IMAPClient, config: ImapConfig) -> None:
    """`ChannelError` `imap.folder_of_all` where the folder to read is one that has mail of other folders too, or mail
    of our own."""
    with told(config.host):
        for flags, _, name in client.list_folders():
            if name.casefold() == config.folder.casefold() and any(each in flags for each in _NOT_READ):
                raise ChannelError("imap.folder_of_all", passing=False, server=config.host, folder=name)
