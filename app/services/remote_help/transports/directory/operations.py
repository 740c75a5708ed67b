"""The desk's operations on accounts. Each finds, asks whether it may, changes in one step, and says what it did."""

import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ldap3 import MODIFY_ADD, MODIFY_DELETE, MODIFY_REPLACE

from app.models.rules.distinguished_names import is_within_any, unit_of
from app.models.rules.spoken_passwords import spoken_password
from app.services.remote_help.transports.directory import accounts, guarding, locks
from app.services.remote_help.transports.directory.accounts import Account
from app.services.remote_help.transports.directory.session import Entry
from app.services.remote_help.transports.directory.task import Task
from app.services.wording import tr

_CLEAR: Mapping[str, list[tuple[str, list[bytes]]]] = {"lockoutTime": [(MODIFY_REPLACE, [b"0"])]}


def find_user(task: Task) -> None:
    """Those that the connection may reach; how many there are besides is told."""
    found = accounts.like(task.session, task.base, task.value("text"))
    reached = [each for each in found if is_within_any(each.dn, task.job.connection.targets)]
    task.show(reached)
    task.say("found", count=len(reached))
    if len(found) > len(reached):
        task.say("found_outside", count=len(found) - len(reached))
    if len(found) >= accounts.MOST:
        task.say("found_more", most=accounts.MOST)


def unlock(task: Task) -> None:
    account = task.ordinary_account()
    if not account.is_locked:
        task.say("not_locked", account=account.account)
        return
    if task.change(account.dn, _CLEAR):
        task.say("unlocked", account=account.account)


def reset_password(task: Task) -> None:
    """A reset alone unlocks nothing, so the three go together: all of it or nothing."""
    account = task.ordinary_account()
    domain = task.session.read(task.base_of_domain, ("minPwdLength",))
    least = max(domain.number("minPwdLength"), task.options.password_length)
    password = spoken_password(secrets.choice, least, (account.account, *account.name.split()))
    told = {"unicodePwd": [(MODIFY_REPLACE, [f'"{password}"'.encode("utf-16-le")])]}
    if task.change(account.dn, {**told, **_CLEAR, "pwdLastSet": [(MODIFY_REPLACE, [b"0"])]}):
        task.output.reveal(tr("directory.new_password", account=account.account), password)
        task.say("reset", account=account.account)
    if account.password_never_expires:
        task.say("never_must_change", account=account.account)
    if account.is_disabled:
        task.say("still_disabled", account=account.account)


def enable(task: Task) -> None:
    _switch(task, disabled=False)


def disable(task: Task) -> None:
    _switch(task, disabled=True)


def groups(task: Task) -> None:
    account = task.account()
    direct = task.session.read(account.dn, ("memberOf",)).texts("memberOf")
    rows = []
    for dn in sorted(direct, key=str.casefold):
        task.check()
        group = task.session.read(dn, ("sAMAccountName", "description"))
        rows.append((group.text("sAMAccountName"), group.text("description"), unit_of(dn)))
    task.output.table(("group", "description", "unit"), rows)
    task.say("in_groups", account=account.account, count=len(rows))


def add_group(task: Task) -> None:
    account, group = _account_and_group(task)
    facts = {"account": account.account, "group": group.text("sAMAccountName")}
    if _is_member(task, account, group):
        task.say("already_in", **facts)
    elif task.change(group.dn, {"member": [(MODIFY_ADD, [account.dn.encode()])]}):
        task.say("added_to", **facts)


def remove_group(task: Task) -> None:
    account, group = _account_and_group(task)
    facts = {"account": account.account, "group": group.text("sAMAccountName")}
    if not _is_member(task, account, group):
        task.say("not_in", **facts)
    elif task.change(group.dn, {"member": [(MODIFY_DELETE, [account.dn.encode()])]}):
        task.say("removed_from", **facts)


def _switch(task: Task, *, disabled: bool) -> None:
    account = task.ordinary_account()
    if account.is_disabled == disabled:
        task.say("already_disabled" if disabled else "already_enabled", account=account.account)
        return
    before, after = (str(each).encode() for each in (account.flags, account.with_disabled(disabled)))
    # the old value goes with it: had somebody changed it meanwhile, nothing would happen
    if task.change(account.dn, {"userAccountControl": [(MODIFY_DELETE, [before]), (MODIFY_ADD, [after])]}):
        task.say("disabled" if disabled else "enabled", account=account.account)


def _account_and_group(task: Task) -> tuple[Account, Entry]:
    account = task.ordinary_account()
    group = accounts.the_group(task.session, task.base, task.value("group"))
    guarding.require_within(task.job.connection, group.dn, group.text("sAMAccountName"))
    guarding.require_ordinary_group(task.session, task.base, group)
    return account, group


def _is_member(task: Task, account: Account, group: Entry) -> bool:
    condition = f"(member={accounts.escaped(account.dn)})"
    return bool(task.session.search(group.dn, condition, ("cn",), most=1))


OPERATIONS: Mapping[str, Callable[[Task], None]] = MappingProxyType(
    {
        "find_user": find_user,
        "lock_state": locks.lock_state,
        "unlock": unlock,
        "reset_password": reset_password,
        "enable": enable,
        "disable": disable,
        "groups": groups,
        "add_group": add_group,
        "remove_group": remove_group,
    }
)
"""By the names that `DirectoryProgram` knows."""
