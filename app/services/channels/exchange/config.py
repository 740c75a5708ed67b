"""The settings of an Exchange mailbox."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from app.services.channels.interface import ChannelConfig, is_this_computer, mail_address, moved_elsewhere, path_key

EWS_PATH = "/EWS/Exchange.asmx"

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class ExchangeConfig(ChannelConfig):
    """One mailbox on an Exchange server. Its password is the secret `password`."""

    address: Line = Field(
        title="Mail address",
        description="The address of the mailbox that is read and that answers. It may be a shared mailbox.",
    )
    user: Line = Field(
        default="",
        title="User name",
        description="The account that signs in, as DOMAIN\\user or user@domain. Empty: the mail address.",
    )
    server: Line = Field(
        default="",
        title="Server",
        description="Host name (mail.example.com) or full address (https://mail.example.com/EWS/Exchange.asmx). "
        "Empty: looked up by the domain of the mail address (autodiscover).",
    )
    authentication: Literal["auto", "basic", "ntlm"] = Field(
        default="auto",
        title="Sign-in method",
        description="auto takes what the server offers; basic and ntlm insist on one.",
    )
    access: Literal["delegate", "impersonation"] = Field(
        default="delegate",
        title="Access",
        description="delegate: the account has rights on the mailbox. "
        "impersonation: a service account with the ApplicationImpersonation role acts as the mailbox.",
    )
    folder: Line = Field(
        default="inbox",
        title="Folder",
        description="Where mail is read: inbox, or a path such as inbox/Support. inbox, drafts, sentitems, "
        "deleteditems and junkemail mean the mailbox's own folders in any language.",
    )
    handled: Literal["nothing", "read", "move"] = Field(
        default="nothing",
        title="Handled mail",
        description="What happens to a mail once it is a ticket: nothing, marked as read, or moved to a folder.",
    )
    handled_folder: Line = Field(
        default="",
        title="Folder for handled mail",
        description="A path such as inbox/Done, in the same mailbox. It is made when it does not exist.",
    )
    ca_file: Line = Field(
        default="",
        title="Own certificate authority",
        description="A file with the certificates (PEM) of the authorities to trust, instead of this computer's. "
        "Empty: this computer's.",
    )
    timeout: float = Field(
        default=30.0, ge=1, le=600, title="Patience", description="Seconds to wait for an answer of the server."
    )

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return mail_address(value)

    @field_validator("server")
    @classmethod
    def _is_reachable_safely(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value if "://" in value else f"https://{value}")
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise ValueError("a server is a host name or an address that begins with https://")
        if parts.username or parts.password:
            raise ValueError("user name and password do not belong in the server's address")
        if parts.scheme == "http" and not is_this_computer(parts.hostname):
            raise ValueError("http:// would send the password unprotected; use https://")
        return value

    @field_validator("folder")
    @classmethod
    def _has_a_name(cls, value: str) -> str:
        if not path_key(value):
            raise ValueError("name the folder to read, inbox for example")
        return value

    @model_validator(mode="after")
    def _moves_elsewhere(self) -> Self:
        if self.handled == "move":
            moved_elsewhere(self.folder, self.handled_folder)
        return self

    @property
    def account_name(self) -> str:
        """Who signs in."""
        return self.user or self.address

    @property
    def endpoint(self) -> str | None:
        """The full EWS address, None where it is to be discovered."""
        if not self.server:
            return None
        parts = urlsplit(self.server if "://" in self.server else f"https://{self.server}")
        return f"{parts.scheme}://{parts.netloc}{parts.path if parts.path.strip('/') else EWS_PATH}"
