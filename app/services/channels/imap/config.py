"""The settings of a mailbox on an IMAP server, with an SMTP server for what goes out."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from app.services.channels.interface import ChannelConfig, is_this_computer

Security = Literal["tls", "starttls", "plain"]
_IMAP_PORTS = {"tls": 993, "starttls": 143, "plain": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "plain": 25}


class ImapConfig(ChannelConfig):
    """One mailbox: read by IMAP (RFC 9051, RFC 3501), answered by SMTP (RFC 5321)."""

    address: str = Field(title="Address", description="What customers write to", min_length=3)
    user: str = Field("", title="User name", description="Empty: the address")
    host: str = Field(title="IMAP server", min_length=1)
    security: Security = Field("tls", title="IMAP encryption", description="plain is for this machine alone")
    port: int = Field(0, title="IMAP port", description="0: the usual one", ge=0, le=65535)
    folder: str = Field("INBOX", title="Folder", description="Where new mail arrives")
    handled: Literal["nothing", "seen", "move"] = Field(
        "seen", title="Mail taken in", description="What is done with it in the mailbox"
    )
    move_to: str = Field("", title="Move to", description="The folder for mail taken in")
    smtp_host: str = Field("", title="SMTP server", description="Empty: the IMAP server")
    smtp_security: Security = Field("starttls", title="SMTP encryption")
    smtp_port: int = Field(0, title="SMTP port", description="0: the usual one", ge=0, le=65535)
    smtp_user: str = Field("", title="SMTP user name", description="Empty: as for IMAP")
    sent_folder: str = Field("", title="Sent folder", description="Answers are filed here as well; empty: not")
    copy_to_self: bool = Field(
        True, title="Hidden copy", description="To this mailbox, so that an interrupted sending can be looked up"
    )
    ca_file: Annotated[Path | None, BeforeValidator(lambda given: given or None)] = Field(
        None, title="Own authority", description="Certificates (PEM) to trust as well"
    )
    timeout: float = Field(60, title="Time-out", description="Seconds", ge=1, le=600)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.handled == "move" and not self.move_to:
            raise ValueError("move_to names the folder to move to")
        same = self.handled_folder == self.folder or {self.handled_folder.upper(), self.folder.upper()} == {"INBOX"}
        if same:  # INBOX alone is the same in any case (RFC 9051, 5.1)
            raise ValueError("mail taken in must move to another folder than the one it arrives in")
        for security, host in ((self.security, self.host), (self.smtp_security, self.smtp_server)):
            if security == "plain" and not is_this_computer(host):
                raise ValueError("without encryption only a server on this machine can be used")
        return self

    @property
    def user_name(self) -> str:
        return self.user or self.address

    @property
    def handled_folder(self) -> str:
        """Where mail taken in is moved to; empty where it is not moved."""
        return self.move_to if self.handled == "move" else ""

    @property
    def imap_port(self) -> int:
        return self.port or _IMAP_PORTS[self.security]

    @property
    def smtp_server(self) -> str:
        return self.smtp_host or self.host

    @property
    def smtp_server_port(self) -> int:
        return self.smtp_port or _SMTP_PORTS[self.smtp_security]
