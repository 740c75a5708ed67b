"""The settings of a mailbox in Microsoft 365."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, field_validator, model_validator

from app.services.channels.graph.clouds import GRAPH_HOSTS
from app.services.channels.interface import (
    NOT_ASKED,
    ChannelConfig,
    identifier,
    is_this_computer,
    mail_address,
    moved_elsewhere,
)

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]

_OWN = ("Mail.ReadWrite", "Mail.Send")
_SHARED = ("Mail.ReadWrite.Shared", "Mail.Send.Shared")
_EVERYTHING_GRANTED = ".default"
_ANY_TENANT = frozenset({"organizations", "common", "consumers"})


class GraphConfig(ChannelConfig):
    """One mailbox in Microsoft 365. It has no password: who signs in does so with Microsoft."""

    address: Line = Field(
        title="Mail address",
        description="The address of the mailbox that is read and that answers. It may be a shared mailbox.",
    )
    user: Line = Field(
        default="",
        title="Who signs in",
        description="The mail address of the account that may use the mailbox, where it is a shared one. "
        "Empty: the mailbox's own.",
    )
    client_id: Line = Field(
        title="Application (client) ID",
        description="Of the application that your administrator registered for Firstline in Microsoft Entra.",
    )
    tenant: Line = Field(
        default="organizations",
        title="Tenant",
        description="Your tenant's ID or domain. organizations: that of whoever signs in.",
    )
    cloud: Literal["global", "us_government", "us_defense", "china"] = Field(
        default="global",
        title="Cloud",
        description="The worldwide one for everybody but the national clouds of the United States' government "
        "and of China.",
    )
    app_only: bool = Field(
        default=False,
        title="Sign in as the application",
        description="With a certificate and without a person, for a computer that nobody sits at.",
    )
    by_windows: bool = Field(
        default=True,
        title="Sign in by Windows",
        description="On Windows, with the account that Windows knows. The application must be registered for it. Off: "
        "always in the browser.",
    )
    folder: Line = Field(
        default="inbox",
        title="Folder",
        description="Where mail is read: inbox, or a path such as inbox/Support. inbox, archive, drafts, sentitems, "
        "deleteditems and junkemail mean the mailbox's own folders in any language.",
    )
    handled: Literal["nothing", "read", "category", "move"] = Field(
        default="nothing",
        title="Handled mail",
        description="What happens to a mail once it is a ticket: nothing, marked as read, marked with a category, "
        "or moved to a folder.",
    )
    handled_category: Line = Field(
        default="Firstline", title="Category for handled mail", description="As it is called in Outlook."
    )
    handled_folder: Line = Field(
        default="",
        title="Folder for handled mail",
        description="A path such as inbox/Done, in the same mailbox. It is made when it does not exist.",
    )
    ca_file: Line = Field(
        default="",
        title="Own certificate authority",
        description="A file with the certificates (PEM) of the authorities to trust, instead of this computer's, "
        "where a proxy of your company looks into encrypted traffic. Empty: this computer's.",
    )
    timeout: float = Field(
        default=30.0, ge=1, le=600, title="Patience", description="Seconds to wait for an answer of the server."
    )
    graph_address: Line = Field(
        default="",
        title="Address of Graph",
        description="Empty: the one of the cloud. Only a server on this computer can be named, to try things out.",
        json_schema_extra=NOT_ASKED,
    )

    @field_validator("address", "user")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return mail_address(value) if value else value

    @field_validator("address", "client_id", "tenant", "folder")
    @classmethod
    def _is_said(cls, value: str) -> str:
        if not value.strip("/ "):
            raise ValueError("this cannot be empty")
        return value

    @field_validator("client_id", "tenant")
    @classmethod
    def _is_an_identifier(cls, value: str) -> str:
        return identifier(value)

    @field_validator("graph_address")
    @classmethod
    def _is_this_computer(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not is_this_computer(parts.hostname or "")):
            raise ValueError("only a server on this computer can be named; choose a cloud instead")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _handled_is_whole(self) -> Self:
        if self.handled == "category" and not self.handled_category:
            raise ValueError("name the category for handled mail")
        if self.handled == "move":
            moved_elsewhere(self.folder, self.handled_folder)
        return self

    @model_validator(mode="after")
    def _application_has_a_home(self) -> Self:
        if self.app_only and self.tenant.casefold() in _ANY_TENANT:
            raise ValueError("an application signs in at one tenant: name its ID or domain")
        return self

    @property
    def account_name(self) -> str:
        """Who signs in."""
        return self.address if self.app_only else self.user or self.address

    @property
    def is_shared(self) -> bool:
        """Whether somebody else's sign-in opens the mailbox."""
        return self.account_name.casefold() != self.address.casefold()

    @property
    def graph(self) -> str:
        """Scheme, host and port of Graph."""
        return self.graph_address or GRAPH_HOSTS[self.cloud]

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the token must allow, named by the cloud's own Graph."""
        names = (_EVERYTHING_GRANTED,) if self.app_only else _SHARED if self.is_shared else _OWN
        return tuple(f"{GRAPH_HOSTS[self.cloud]}/{each}" for each in names)
