"""A mailbox at Gmail or Google Workspace: IMAP and SMTP at Google's own servers, signed in by token.

A label is a folder there. Gmail files what is sent by itself, and keeps all there is under “All Mail” once more: that
and the other folders of its own are not read, or every answer would come in as a new mail.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from app.services.channels.imap.config import ImapConfig
from app.services.channels.interface import ChannelConfig, Connector, Credentials, Identity, Manifest

SCOPE = "https://mail.google.com/"
_DOMAIN = "gmail.com"


class GmailConfig(ChannelConfig):
    """One mailbox. Google's servers are known, so that little is left to be asked for."""

    address: str = Field(title="Address", description="What customers write to, and who signs in", min_length=3)
    client_id: str = Field(
        title="Client ID", description="Of your organisation's OAuth client for desktop apps at Google", min_length=1
    )
    folder: str = Field("INBOX", title="Label", description="Where new mail arrives; INBOX is the inbox", min_length=1)
    handled: Literal["nothing", "seen", "move"] = Field(
        "seen", title="Mail taken in", description="What is done with it in the mailbox"
    )
    move_to: str = Field("", title="Move to", description="The label that mail taken in gets instead")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if "@" not in self.address:
            raise ValueError("the address is a whole mail address")
        if self.handled == "move" and not self.move_to:
            raise ValueError("move_to names the label to move to")
        if self.handled == "move" and self.move_to == self.folder:
            raise ValueError("mail taken in must move to another label than the one it arrives under")
        return self

    def mailbox(self) -> ImapConfig:
        """As a mailbox on an IMAP server."""
        return ImapConfig(
            address=self.address,
            host=f"imap.{_DOMAIN}",
            smtp_host=f"smtp.{_DOMAIN}",
            folder=self.folder,
            handled=self.handled,
            move_to=self.move_to,
            copy_to_self=False,
        )


def _identity(config: ChannelConfig) -> Identity:
    assert isinstance(config, GmailConfig)
    return Identity("google", config.address, config.client_id, tenant="", cloud="", scopes=(SCOPE,))


def _open(config: ChannelConfig, credentials: Credentials, max_bytes: int) -> Connector:
    from app.services.channels.imap.connector import ImapConnector  # noqa: PLC0415 - often not needed

    assert isinstance(config, GmailConfig)
    return ImapConnector(config.mailbox(), credentials, max_bytes, files_what_is_sent=True)


MANIFEST = Manifest(
    kind="gmail",
    config=GmailConfig,
    secrets=("client_secret",),
    receives=True,
    sends=True,
    identity=_identity,
    open=_open,
)
