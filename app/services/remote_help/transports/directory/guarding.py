"""What the desk does not touch, whatever the account it signs in by may: what lies outside the allow-list, and whoever
rules the domain."""

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.models.rules.distinguished_names import is_within_any, unit_of
from app.services.remote_help.transports.directory.accounts import Account, escaped
from app.services.remote_help.transports.directory.session import Entry, Session

_BUILTIN = bytes((1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0))
_DOMAIN = bytes((1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0))
_ALIASES = frozenset({544, 548, 549, 550, 551, 552})
"""Administrators, Account, Server, Print and Backup Operators, Replicator."""

_GROUPS = frozenset({498, 512, 516, 517, 518, 519, 520, 521, 526, 527})
"""(Read-only) Domain Controllers, Domain, Schema and Enterprise Admins, Cert Publishers, Group Policy Creator Owners,
Key Admins."""

_USERS = frozenset({500, 502})
"""Administrator and krbtgt. All of these: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers"""

_IN_CHAIN = "1.2.840.113556.1.4.1941"


def require_within(connection: Connection, dn: str, name: str) -> None:
    """`KnownError` `directory.outside` for what is in none of the connection's units; `directory.no_name`."""
    if not is_within_any(dn, connection.targets):
        raise KnownError("directory.outside", name=name[:100], unit=unit_of(dn), connection=connection.name)


def require_ordinary(session: Session, account: Account) -> None:
    """`KnownError` `directory.protected` for who rules the domain, through however many groups;
    `directory.rights_unknown` where the directory does not let us see that."""
    sids = session.read(account.dn, ("tokenGroups",)).values.get("tokengroups", ())
    if not sids:
        raise KnownError("directory.rights_unknown", name=account.account)
    own = account.entry.values.get("objectsid", ())
    if account.entry.number("adminCount") or any(map(_rules, (*sids, *own))):
        raise KnownError("directory.protected", name=account.account)


def require_ordinary_group(session: Session, base: str, group: Entry) -> None:
    """The same of a group, and of every group that it is in."""
    name = group.text("sAMAccountName")
    above = session.search(base, f"(member:{_IN_CHAIN}:={escaped(group.dn)})", ("objectSid", "adminCount"))
    for each in (group, *above):
        if each.number("adminCount") or any(map(_rules, each.values.get("objectsid", ()))):
            raise KnownError("directory.protected_group", name=name)


def _rules(sid: bytes) -> bool:
    number = int.from_bytes(sid[-4:], "little")
    if sid.startswith(_BUILTIN):
        return number in _ALIASES
    return sid.startswith(_DOMAIN) and number in _GROUPS | _USERS
