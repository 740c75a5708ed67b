"""A mail as it was read, before anything is decided about it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Address:
    """A person in a header: `Anna Björn <anna@acme.example>`. `address` is lower case in its domain."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    @classmethod
    def from_stored(cls, told: Mapping[str, str]) -> "Address":
        """From the form that a JSON column keeps."""
        return cls(told["address"], told.get("name", ""))

    def stored(self) -> dict[str, str]:
        """The form that a JSON column keeps."""
        return {"address": self.address, "name": self.name}


class MailKind(StrEnum):
    """Written by a person, by a machine that answers for one, or by a mail server that could not deliver."""

    MAIL = "mail"
    AUTO = "auto"
    BOUNCE = "bounce"


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail: its true name made safe for every file system, and its bytes.

    `content_id` is without angle brackets. `inline` says that the HTML body refers to it. `invented` says that the
    mail gave no file name, so that this one was made from the address, the subject or the media type of the part.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str | None = None
    inline: bool = False
    invented: bool = False

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @cached_property
    def sha256(self) -> str:
        """Of the content, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """A body apart: what its author wrote, and what is folded away but kept.

    `visible + "\\n" + folded` loses no line of the body, but for blank ones.
    """

    visible: str
    folded: str = ""


@dataclass(frozen=True)
class Mail:
    """One mail, decoded.

    Message-IDs are without angle brackets. `date` is aware UTC, None where the header is missing or
    cannot be read. `text` is the plain body, made from the HTML where the mail has none; `html` is as it
    came and must pass `services.mail.html.clean` before anything renders it. `references` holds the oldest
    first. `headers` maps lower-case names to all their values, decoded, for the rules. `kind_reason` names
    the header or sentence that decided `kind`. `defects` says what was broken and mended.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    text: str
    html: str | None
    reply: Reply
    attachments: tuple[Attachment, ...]
    kind: MailKind
    kind_reason: str
    headers: Mapping[str, tuple[str, ...]]
    defects: tuple[str, ...] = ()
