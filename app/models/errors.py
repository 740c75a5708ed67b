"""Whose fault it is: `KnownError` is the world's and has a code that a face turns into words.

A bug is any other exception; it reaches the crash report and is never dressed up as something else.
"""

from collections.abc import Mapping


class KnownError(Exception):
    """Something in the world went wrong that a person can understand and act on.

    `code` is a dotted key (`channel.sign_in_refused`); its words are the entry `error.<code>` in
    `resources/text/*.toml`, formatted with `facts`. Facts never hold a secret.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code


class ChannelError(KnownError):
    """A mailbox or another channel failed.

    `passing` says whether trying again later can help. `about_message` says that the channel works and that this one
    message is refused (its recipient, its size): others may still go.
    """

    def __init__(self, code: str, *, passing: bool, about_message: bool = False, **facts: object) -> None:
        super().__init__(code, **facts)
        self.passing = passing
        self.about_message = about_message


class DatabaseError(KnownError):
    """The database cannot be reached, is not ours, is locked or is full."""


class Conflict(KnownError):
    """A stale write: someone else changed the same thing since it was read."""


class NotAllowed(KnownError):
    """The rules of `models.rules.permissions` forbid it to this person."""
