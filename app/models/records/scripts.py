"""A remote-help script as its manifest tells: what it does, what it asks for, where and how it may run.

The manifest is `script.toml` in the script's folder; these classes are its schema. What it says to people is there in
English and may be there in other languages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.models.records.desk import Role


class Risk(StrEnum):
    """READ changes nothing. CHANGE changes something that can be undone. DISRUPT interrupts somebody's work."""

    READ = "read"
    CHANGE = "change"
    DISRUPT = "disrupt"


class Transport(StrEnum):
    """What carries a script to its target."""

    LOCAL = "local"
    SSH = "ssh"
    WINRM = "winrm"
    DIRECTORY = "directory"
    HTTP = "http"
    SQL = "sql"
    SESSION = "session"


SERVICES = frozenset({Transport.HTTP, Transport.SQL})
"""Those that go to the address of a connection, and to no other target."""


class ParameterType(StrEnum):
    TEXT = "text"
    INT = "int"
    FLAG = "flag"
    CHOICE = "choice"
    HOST = "host"
    USER = "user"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    FILE = "file"


class OutputKind(StrEnum):
    """What a script says: lines of text; a table as rows; a JSON document; a file for the ticket."""

    TEXT = "text"
    TABLE = "table"
    JSON = "json"
    FILE = "file"


class Category(StrEnum):
    """The shelves of the library, in the order they stand there."""

    ACCOUNTS = "accounts"
    WORKSTATION = "workstation"
    SOFTWARE = "software"
    PRINTING = "printing"
    NETWORK = "network"
    LINUX = "linux"
    APPLICATION = "application"
    SESSION = "session"


class Concurrency(StrEnum):
    """How many runs of one script there may be at a time."""

    MANY = "many"
    ONE_PER_TARGET = "one_per_target"
    ONE = "one"


class Known(StrEnum):
    """What a parameter or the target may be filled with before anybody types."""

    REQUESTER_ADDRESS = "requester.address"
    REQUESTER_ACCOUNT = "requester.account"
    REQUESTER_NAME = "requester.name"
    REQUESTER_HOST = "requester.host"
    TICKET_NUMBER = "ticket.number"
    TICKET_SUBJECT = "ticket.subject"
    TICKET_APPLICATION = "ticket.application"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=20_000)


class Words(_Part):
    """What a person reads of a script. `changes` is what it does to the target, `undo` how to take that back."""

    name: str = Field(min_length=3, max_length=60)
    description: str = Field(min_length=10, max_length=600)
    changes: str = Field(min_length=3, max_length=600)
    undo: str = Field(min_length=3, max_length=600)
    confirm: str = Field(default="", max_length=300)
    note: str = Field(default="", max_length=1000)
    """The note that is suggested for the ticket afterwards; `{target}` and the parameters' `{name}`s are filled in."""


class ChoicesFrom(_Part):
    """Choices that another script, which only reads, tells of the same target: the values of `column`."""

    script: str
    column: str


class Parameter(_Part):
    """One thing that a script asks for. `label` is by language, with English always there."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    type: ParameterType
    label: Mapping[str, str]
    hint: Mapping[str, str] = {}
    required: bool = True
    default: str | int | bool | None = None
    known: Known | None = Field(default=None, alias="from")
    pattern: str | None = None
    max_length: int = Field(default=1000, ge=1, le=1_000_000)
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    choices_from: ChoicesFrom | None = None
    max_bytes: int = Field(default=1_000_000, ge=1, le=10_000_000)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if "en" not in self.label:
            raise ValueError("label has no English text")
        if self.type is ParameterType.CHOICE and not (self.choices or self.choices_from):
            raise ValueError("a choice needs choices or choices_from")
        if self.type is ParameterType.SECRET and (self.default is not None or self.known):
            raise ValueError("a secret has no default")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern is no regular expression: {error}") from error
        return self


class LocalProgram(_Part):
    """A Python file that runs on the desk itself, in a process of its own.

    It reads `{"target": ..., "values": {...}, "dry_run": ...}` as JSON from its standard input. It may import what
    Python holds, and dns, httpx and cryptography. Where its output is a table, it says it on its standard output as
    `{"columns": [...], "rows": [[...]]}`, and any document as JSON.
    """

    transport: Literal[Transport.LOCAL]
    file: str = Field(default="script.py", pattern=r"^[\w-]+\.py$")


class SshProgram(_Part):
    """A file that runs on a host over SSH.

    `sh`: POSIX shell; gets the parameters as quoted arguments in their order, and FIRSTLINE_DRY_RUN=1 in a dry run.
    `python`: Python 3.6 or later; finds `target`, `values` (a dict) and `dry_run` as global names; only here may a
    secret be a parameter, for arguments are there for all to see on the host.
    """

    transport: Literal[Transport.SSH]
    shell: Literal["sh", "python"] = "sh"
    file: str = Field(pattern=r"^[\w-]+\.(sh|py)$")


class WinrmProgram(_Part):
    """A PowerShell file whose `param` block takes the parameters by their names, and `-WhatIf` in a dry run."""

    transport: Literal[Transport.WINRM]
    file: str = Field(default="script.ps1", pattern=r"^[\w-]+\.ps1$")


class DirectoryProgram(_Part):
    """One of the desk's operations on Active Directory; the parameters are those that the operation knows."""

    transport: Literal[Transport.DIRECTORY]
    operation: Literal[
        "find_user",
        "lock_state",
        "unlock",
        "reset_password",
        "enable",
        "disable",
        "groups",
        "add_group",
        "remove_group",
    ]


class HttpProgram(_Part):
    """One request to a service whose address is the connection's.

    `path` may hold `{name}` as a whole segment or within one; `query`, `form`, `headers` and `body` (a JSON object)
    map names to a parameter's `{name}`, to `{secret:token}` for a secret of the connection, or to fixed text. What has
    no value is left out; in `body` it is null. Any 2xx succeeds, unless `success_codes` names others.
    """

    transport: Literal[Transport.HTTP]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str = Field(pattern=r"^/[^?#\s]*$")
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    form: Mapping[str, str] = {}
    body: Mapping[str, str | int | bool | None] | None = None
    rows: str = ""
    """The dotted path of the list, or the object of objects, whose entries are the rows; empty: the answer itself."""
    show: Mapping[str, str] = {}
    """The dotted path of what is shown, by column; `@key` is the name of an entry in an object of objects."""


class SqlProgram(_Part):
    """One statement, read only, with `:name` where a parameter is bound; at most `most_rows` rows."""

    transport: Literal[Transport.SQL]
    statement: str = Field(min_length=6)
    most_rows: int = Field(default=1000, ge=1, le=100_000)


class SessionProgram(_Part):
    """A program on the desk that opens a session with the target, and goes on after that.

    By platform the words to start it with, the first being the program; each is fixed text with `{name}` or
    `{target}` in it. Of several forms the first whose program is there is taken. A form of one word that is an
    address of its own kind (`anydesk:{id}`) is opened by what the system has for that.
    """

    transport: Literal[Transport.SESSION]
    tool: str
    start: Mapping[
        Literal["win32", "linux", "darwin"], tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...]
    ] = {}
    hint: Mapping[str, str] = {}
    """What to do by hand where the tool has no command line; by language, with English always there."""

    @model_validator(mode="after")
    def _opens(self) -> Self:
        if not self.start and not self.hint:
            raise ValueError("there is neither anything to start nor a hint")
        if self.hint and "en" not in self.hint:
            raise ValueError("hint has no English text")
        return self


Program = Annotated[
    LocalProgram | SshProgram | WinrmProgram | DirectoryProgram | HttpProgram | SqlProgram | SessionProgram,
    Field(discriminator="transport"),
]


class Proposed(_Part):
    """When the desk proposes the script: the ticket's category is one of these, or it holds one of these words.

    Words are by language, in lower case; one that ends in `*` stands for all that begin so.
    """

    categories: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = {}


class FollowUp(_Part):
    """What comes next after success: the canned reply of that name, scripts to go on with."""

    canned_reply: str = ""
    scripts: tuple[str, ...] = ()


class Manifest(_Part):
    """All that a script says of itself. `timeout` is in seconds; `level` the support tier from which on it is used."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    version: str = Field(pattern=r"^\d+\.\d+(\.\d+)?$")
    author: str = Field(default="", max_length=200)
    category: Category
    risk: Risk
    level: int = Field(default=1, ge=1, le=3)
    role: Role = Role.AGENT
    program: Program
    run_as: str = Field(default="", max_length=60)
    """How the connection it needs is named, with `*`; empty: any of its transport that reaches the target."""
    takes_target: bool = True
    """Whether it runs on hosts that somebody names; else on the connection's own address, or on the desk itself.

    Where several connections fit, whoever runs it names which."""
    target_from: Known | None = None
    platforms: tuple[Literal["windows", "linux", "darwin"], ...] = ()
    """What the target runs; empty where that is all the same."""
    parameters: tuple[Parameter, ...] = ()
    approval: bool = False
    """Whether a second person must agree to each run."""
    consent: bool = False
    """Whether the requester's consent is asked for and noted on the ticket."""
    timeout: int = Field(ge=1, le=24 * 3600)
    success_codes: tuple[int, ...] = (0,)
    concurrency: Concurrency = Concurrency.ONE_PER_TARGET
    output: OutputKind = OutputKind.TEXT
    dry_run: bool = False
    text: Mapping[str, Words]
    proposed: Proposed = Proposed()
    follow_up: FollowUp = FollowUp()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if "en" not in self.text:
            raise ValueError("text has no English part")
        names = [each.name for each in self.parameters]
        if len(set(names)) != len(names):
            raise ValueError("two parameters have the same name")
        kinds = {each.type for each in self.parameters}
        in_arguments = isinstance(self.program, SshProgram) and self.program.shell == "sh"
        if in_arguments and kinds & {ParameterType.SECRET, ParameterType.FILE}:
            raise ValueError("a shell script cannot take a secret or a file: let it be a python one")
        if isinstance(self.program, SessionProgram) and kinds & {ParameterType.SECRET, ParameterType.FILE}:
            raise ValueError("a session cannot take a secret or a file: a command line is there for all to see")
        if isinstance(self.program, HttpProgram | SqlProgram) and self.takes_target:
            raise ValueError("what goes to a service takes no target: takes_target = false")
        if self.risk is not Risk.READ and not self.text["en"].confirm:
            raise ValueError("what changes something needs a confirm text")
        return self

    @property
    def transport(self) -> Transport:
        return Transport(self.program.transport)

    def words(self, language: str) -> Words:
        """In `language`, or in English where it does not speak that."""
        return self.text.get(language) or self.text["en"]


@dataclass(frozen=True, slots=True)
class Package:
    """A script as its files; `manifest` is what `script.toml` says, `sha256` the hex digest over names and bytes."""

    manifest: Manifest
    files: Mapping[str, bytes]
    sha256: str
