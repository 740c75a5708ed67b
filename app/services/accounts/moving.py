"""A channel that moves to another kind of connector: its mailbox went to the cloud, or its server takes no more EWS.

The channel stays the same, and so do its tickets, what was taken in, and what waits to be sent. The new connector
reads its folder from the start, and the core knows every mail again by its Message-ID, or where it has none by what it
says; those are taken in no second time. Mails that wait, or of which nobody knows whether they went, are looked up and
sent by the new connector.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from pydantic.fields import FieldInfo
from sqlalchemy import select, update

from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Actor
from app.models.tables import Channel
from app.services.accounts import administering, check_config
from app.services.channels.registry import kinds, manifest
from app.services.database import Database
from app.services.secrets import Secrets, channel_secret

_SAME_SETTING = (("address",), ("folder",), ("handled",), ("handled_folder", "move_to"))
_SAME_CHOICE = ({"read", "seen"},)
"""What connectors call differently and mean alike."""


def carried(account: ChannelAccount, kind: str) -> dict[str, Any]:
    """The settings of the account that a connector of `kind` has as well, to begin with."""
    fields = manifest(kind).config.model_fields
    found: dict[str, Any] = {}
    for names in _SAME_SETTING:
        told = next((account.config[each] for each in names if account.config.get(each)), None)
        name = next((each for each in names if each in fields), None)
        if told is not None and name is not None:
            found |= _as_meant(name, told, fields[name])
    return found


def move(
    database: Database, actor: Actor, account: ChannelAccount, kind: str, config: Mapping[str, Any]
) -> ChannelAccount:
    """Let a connector of `kind` with these settings have the channel from now on; returns the account as it is then.

    `KnownError` `channel.bad_setting` names the setting that is wrong, `.same_kind`, `.cannot` where that kind does not
    what the channel does now, `.unknown` where the channel is gone or moved by somebody else.
    """
    administering(actor)
    if kind == account.kind:
        raise KnownError("channel.same_kind", name=account.name, kind=kind)
    old, new = manifest(account.kind), manifest(kind)
    if (old.receives and not new.receives) or (old.sends and not new.sends):
        raise KnownError("channel.cannot", name=account.name, kind=kind)
    checked = check_config(kind, config)
    moved = replace(account, kind=kind, config=checked, address=checked.get("address") or account.address)
    here = (Channel.id == account.id, Channel.kind == account.kind)
    with database.write(actor) as work:
        columns = (Channel.kind, Channel.address, Channel.config)
        before = work.session.execute(select(*columns).where(*here).with_for_update()).one_or_none()
        if before is None:
            raise KnownError("channel.unknown", name=account.name)
        after = {"kind": kind, "address": moved.address, "config": checked}
        work.session.execute(update(Channel).where(*here).values(**after))
        work.changed("channel", account.id)
        work.audit("channel.moved", account.id, before=before._asdict(), after=after)
    return moved


def left_behind(account: ChannelAccount) -> list[str]:
    """The names of what this computer's keyring has for the channel and its kind has no use for: it is what a former
    kind signed in with, kept for moving back. `KnownError` `keyring.failed`."""
    fields = dict.fromkeys(field for kind in kinds() for field in manifest(kind).secrets)
    unused = [each for each in fields if each not in manifest(account.kind).secrets]
    kept = Secrets({})  # what stands in the environment is for its administrator to remove
    return [name for each in unused if kept.get(name := channel_secret(account.name, each)) is not None]


def forget_left_behind(account: ChannelAccount) -> int:
    """Removes that from the keyring, and tells how many there were."""
    left = left_behind(account)
    for name in left:
        Secrets({}).forget(name)
    return len(left)


def _as_meant(name: str, told: Any, field: FieldInfo) -> dict[str, Any]:
    """The setting under its name there, and its choice in the word for it there; nothing where there is none."""
    choices = get_args(field.annotation)
    if not choices or told in choices:
        return {name: told}
    alike = next((each for each in _SAME_CHOICE if told in each), set())
    word = next((each for each in choices if each in alike), None)
    return {} if word is None else {name: word}
