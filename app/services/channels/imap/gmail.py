"""A mailbox at Gmail or Google Workspace: IMAP and SMTP at Google's own servers, signed in by token.

A label is a folder there. Gmail files what is sent by itself, and keeps all there is under “All Mail” once more: that
and the other folders of its own are not read, or every answer would come in as a new mail.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from app.services.channels.imap.config import ImapConfig
from app.services.channels.interface import (
    ChannelConfig,
    Connector,
    Credentials,
    Identity,
    Manifest,
    identifier,
    mail_address,
    path_key,
)

SCOPE = "https://mail.google.com/"
_DOMAIN = "gmail.com"
_Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class GmailConfig(ChannelConfig):
    """One mailbox. Google's servers are known, so that little is left to be asked for."""

    address: _Line = Field(title="Address", description="What customers write to, and who signs in")
    client_id: _Line = Field(
        title="Client ID", description="Of your organisation's OAuth client for desktop apps at Google"
    )
    folder: _Line = Field(
        "INBOX", title="Label", description="Where new mail arrives; INBOX is the inbox", min_length=1
    )
    handled: Literal["nothing", "seen", "move"] = Field(
        "seen", title="Mail taken in", description="What is done with it in the mailbox"
    )
    move_to: _Line = Field("", title="Move to", description="The label that mail taken in gets instead")

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return mail_address(value)

    @field_validator("client_id")
    @classmethod
    def _is_an_identifier(cls, value: str) -> str:
        return identifier(value)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.handled == "move" and not self.move_to:
            raise ValueError("move_to names the label to move to")
        if self.handled == "move" and path_key(self.move_to) == path_key(self.folder):  # labels ignore case
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
