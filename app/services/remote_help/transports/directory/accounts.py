"""Accounts and groups as the directory tells of them, found by what people call them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models.errors import KnownError
from app.services.remote_help.transports.directory.session import Entry, Session

_DISABLED, _NEVER_EXPIRES = 0x2, 0x10000
_LOCKED, _PASSWORD_EXPIRED = 0x10, 0x800000
"""Bits of userAccountControl (https://learn.microsoft.com/windows/win32/adschema/a-useraccountcontrol), the second two
of msDS-User-Account-Control-Computed."""

_PLAIN = re.compile(rb"[A-Za-z0-9]")
_LONGEST = 1024
"""Letters: no name in the directory is longer, so none needs to be asked for."""

_PERSON = "(objectCategory=person)(objectClass=user)"
_ATTRIBUTES = (
    "sAMAccountName",
    "displayName",
    "cn",
    "mail",
    "department",
    "userPrincipalName",
    "userAccountControl",
    "msDS-User-Account-Control-Computed",
    "msDS-UserPasswordExpiryTimeComputed",
    "lockoutTime",
    "pwdLastSet",
    "accountExpires",
    "adminCount",
    "objectSid",
    "primaryGroupID",
)
MOST = 50
"""Accounts that a search tells at most."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a person. Times are UTC; None is never."""

    entry: Entry

    @property
    def dn(self) -> str:
        return self.entry.dn

    @property
    def account(self) -> str:
        return self.entry.text("sAMAccountName")

    @property
    def name(self) -> str:
        return self.entry.text("displayName") or self.entry.text("cn")

    @property
    def flags(self) -> int:
        return self.entry.number("userAccountControl")

    @property
    def is_disabled(self) -> bool:
        return bool(self.flags & _DISABLED)

    @property
    def password_never_expires(self) -> bool:
        return bool(self.flags & _NEVER_EXPIRES)

    @property
    def is_locked(self) -> bool:
        """Now: a lock that its time has passed is none."""
        return bool(self._computed & _LOCKED)

    @property
    def is_password_expired(self) -> bool:
        return bool(self._computed & _PASSWORD_EXPIRED)

    @property
    def must_change(self) -> bool:
        return self.entry.text("pwdLastSet") == "0"

    @property
    def locked_since(self) -> datetime | None:
        return self.entry.instant("lockoutTime")

    @property
    def expires(self) -> datetime | None:
        return self.entry.instant("accountExpires")

    @property
    def password_set(self) -> datetime | None:
        return self.entry.instant("pwdLastSet")

    @property
    def password_expires(self) -> datetime | None:
        return self.entry.instant("msDS-UserPasswordExpiryTimeComputed")

    @property
    def _computed(self) -> int:
        return self.entry.number("msDS-User-Account-Control-Computed")

    def with_disabled(self, disabled: bool) -> int:
        """The flags as they would be."""
        return self.flags | _DISABLED if disabled else self.flags & ~_DISABLED


def escaped(value: str) -> str:
    """A value within a filter: each byte that is no plain letter or digit is told by its number, so that none can mean
    anything there (https://www.rfc-editor.org/rfc/rfc4515). `KnownError` `directory.no_account` for what is no text."""
    try:
        told = value.encode("utf-8")
    except UnicodeEncodeError:
        raise KnownError("directory.no_account", name=ascii(value)[:100]) from None
    return "".join(chr(each) if _PLAIN.match(bytes((each,))) else f"\\{each:02x}" for each in told)


def only(found: Sequence[Account], name: str) -> Account:
    """The one that was meant. `KnownError` `directory.no_account`, `directory.two_accounts` (fact `accounts`)."""
    if not found:
        raise KnownError("directory.no_account", name=name[:100])
    if len(found) > 1:
        told = ", ".join(f"{each.account} ({each.name})" for each in found)
        raise KnownError("directory.two_accounts", name=name[:100], accounts=told)
    return found[0]


def named_so(session: Session, base: str, name: str) -> list[Account]:
    """The accounts of that name; where there is an @ in it, of that user principal name or mail address."""
    if not name or len(name) > _LONGEST:
        return []
    value = escaped(name)
    clause = f"(sAMAccountName={value})"
    if "@" in name:
        clause = f"(|(userPrincipalName={value})(mail={value})(proxyAddresses=smtp:{value}))"
    return _accounts(session.search(base, f"(&{_PERSON}{clause})", _ATTRIBUTES, most=MOST))


def like(session: Session, base: str, text: str) -> list[Account]:
    """Accounts of which a name begins so, by what the directory calls ambiguous names, or whose address that is."""
    if not text or len(text) > _LONGEST:
        return []
    value = escaped(text)
    condition = f"(&{_PERSON}(|(anr={value})(mail={value})(userPrincipalName={value})(telephoneNumber={value})))"
    return _accounts(session.search(base, condition, _ATTRIBUTES, most=MOST))


def the_group(session: Session, base: str, name: str) -> Entry:
    """`KnownError` `directory.no_group`, `directory.two_groups`."""
    found: list[Entry] = []
    if name and len(name) <= _LONGEST:
        value = escaped(name)
        condition = f"(&(objectCategory=group)(|(sAMAccountName={value})(cn={value})))"
        found = session.search(base, condition, ("sAMAccountName", "adminCount", "objectSid"), most=MOST)
    if not found:
        raise KnownError("directory.no_group", name=name[:100])
    if len(found) > 1:
        raise KnownError("directory.two_groups", name=name[:100], groups=", ".join(each.dn for each in found))
    return found[0]


def _accounts(entries: Sequence[Entry]) -> list[Account]:
    return sorted(map(Account, entries), key=lambda each: each.account.casefold())
