"""Channel accounts: adding, listing, opening, and how each fares."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.channels import ChannelAccount, ChannelHealth
from app.models.records.desk import Actor, Level, Team as TeamRecord
from app.models.records.intake import Origin
from app.models.records.tickets import Delivery
from app.models.rules.permissions import Action, may
from app.models.tables import Channel, ChannelState, Outbox, Team
from app.services.channels.interface import Connector, Credentials, Identity, Probe
from app.services.channels.registry import manifest
from app.services.database import Database
from app.services.database.unit_of_work import plain
from app.services.database.upsert import insert_new

CredentialsOf = Callable[[str, Identity | None], Credentials]
"""Gives what the channel of that name signs in with; tokens too where its settings name who is to be signed in."""

_CHANGEABLE = ("config", "address", "sender_name", "active", "acknowledge", "plus_address", "team_id")


def add(database: Database, actor: Actor, account: ChannelAccount) -> ChannelAccount:
    """Store a new account. `KnownError` `channel.bad_setting` names the setting that is wrong, `.name_taken`."""
    administering(actor)
    checked = check_config(account.kind, account.config)
    with database.write(actor) as work:
        if work.session.scalar(select(func.count()).where(Channel.name == account.name)):
            raise KnownError("channel.name_taken", name=account.name)
        row = {name: getattr(account, name) for name in ChannelAccount.__slots__}
        work.session.execute(insert(Channel).values(**(row | {"config": checked})))
        work.changed("channel", account.id)
        work.audit("channel.added", account.id, after={"name": account.name, "kind": account.kind, **checked})
    return account


def change(database: Database, actor: Actor, account: ChannelAccount) -> None:
    """Store what was changed of an account. Its name stays, for secrets are kept under it, and its kind, which
    `moving.move` changes. `KnownError` `channel.bad_setting`; `channel.unknown` where it is gone.
    """
    administering(actor)
    values = {name: getattr(account, name) for name in _CHANGEABLE}
    values["config"] = check_config(account.kind, account.config)
    with database.write(actor) as work:
        before = work.session.execute(
            select(*(getattr(Channel, name) for name in _CHANGEABLE)).where(Channel.id == account.id)
        ).one_or_none()
        if before is None:
            raise KnownError("channel.unknown", name=account.name)
        work.session.execute(update(Channel).where(Channel.id == account.id).values(**values))
        work.changed("channel", account.id)
        work.audit("channel.changed", account.id, before=before._asdict(), after=values)


def listed(database: Database) -> list[ChannelAccount]:
    """All accounts by name."""
    with database.read() as session:
        return [_record(each) for each in session.scalars(select(Channel).order_by(Channel.name))]


def named(database: Database, name: str) -> ChannelAccount:
    """The account of that name; `KnownError` `channel.unknown` where there is none."""
    with database.read() as session:
        row = session.scalars(select(Channel).where(Channel.name == name)).one_or_none()
        if row is None:
            raise KnownError("channel.unknown", name=name)
        return _record(row)


def check_config(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are stored, with defaults; `KnownError` `channel.bad_setting` for the first wrong one,
    `.bad_settings` where they do not fit together.
    """
    model = manifest(kind).config
    try:
        return model.model_validate(dict(config)).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        setting, reason = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        if not setting:
            raise KnownError("channel.bad_settings", kind=kind, reason=reason) from error
        raise KnownError("channel.bad_setting", kind=kind, setting=setting, reason=reason) from error


def open_connector(account: ChannelAccount, credentials_of: CredentialsOf, max_bytes: int) -> Connector:
    """A live connector for the account. It connects when first used."""
    described = manifest(account.kind)
    config = described.config.model_validate(check_config(account.kind, account.config))
    return described.open(config, credentials_of(account.name, described.identity(config)), max_bytes)


def identity_of(account: ChannelAccount) -> Identity | None:
    """Who is to be signed in for the account; None where it takes no tokens."""
    described = manifest(account.kind)
    return described.identity(described.config.model_validate(check_config(account.kind, account.config)))


def person_of(account: ChannelAccount) -> Identity:
    """The person who is to be signed in for it; `KnownError` `sign_in.not_needed` where none is."""
    identity = identity_of(account)
    if identity is None or identity.app_only:
        raise KnownError("sign_in.not_needed", name=account.name)
    return identity


def try_out(account: ChannelAccount, credentials_of: CredentialsOf, max_bytes: int) -> list[Probe]:
    """What works of an account as it is entered, stored or not. `ChannelError` tells what stops it."""
    connector = open_connector(account, credentials_of, max_bytes)
    try:
        return list(connector.test())
    finally:
        connector.close()


def origin_of(database: Database, account: ChannelAccount) -> Origin:
    """What intake needs to know of the account."""
    with database.read() as session:
        team = session.get(Team, account.team_id) if account.team_id else None
        return Origin(
            channel_id=account.id,
            name=account.name,
            kind=account.kind,
            address=account.address,
            acknowledge=account.acknowledge,
            team=TeamRecord(team.id, team.name, Level(team.level)) if team else None,
            desk_addresses=_desk_addresses(session),
        )


def cursor_of(database: Database, account: ChannelAccount) -> tuple[str | None, str | None]:
    """How far the channel was read, and the kind of connector that read it; None where none has.

    `Conflict` `channel.moved` where the channel is of another kind by now than the account says.
    """
    query = select(Channel.kind, ChannelState.kind.label("read_by"), ChannelState.cursor).outerjoin(
        ChannelState, ChannelState.channel_id == Channel.id
    )
    with database.read() as session:
        row = session.execute(query.where(Channel.id == account.id)).one_or_none()
    if row is None:
        return None, None
    if row.kind != account.kind:
        raise Conflict("channel.moved", name=account.name)
    return row.cursor, row.read_by


def health(database: Database) -> list[ChannelHealth]:
    """How each active channel fares, by name."""
    waiting = _count_outbox(Delivery.QUEUED, Delivery.SENDING)
    query = (
        select(Channel.name, ChannelState, waiting, _count_outbox(Delivery.DEAD))
        .outerjoin(ChannelState, ChannelState.channel_id == Channel.id)
        .where(Channel.active)
        .order_by(Channel.name)
    )
    with database.read() as session:
        return [_health(*row) for row in session.execute(query)]


def report_problem(database: Database, actor: Actor, channel_id: UUID, problem: KnownError | None) -> None:
    """Write down what stops a channel, or that it works again. Says nothing new where nothing is new."""
    with database.write(actor) as work:
        insert_new(work.session, ChannelState, [{"channel_id": channel_id, "cursor": None, "problem_facts": {}}])
        state = work.session.get_one(ChannelState, channel_id)
        code = problem.code if problem else None
        if state.problem == code:
            return
        state.problem = code
        state.problem_facts = plain({name: str(fact) for name, fact in problem.facts.items()}) if problem else {}
        state.problem_since = work.now if problem else None
        work.changed("channel", channel_id)


def new_account(name: str, kind: str, address: str, config: Mapping[str, Any], **more: Any) -> ChannelAccount:
    """An account that is not stored yet, with the usual answers for what is not said."""
    usual: dict[str, Any] = {
        "sender_name": "",
        "active": True,
        "acknowledge": False,
        "plus_address": False,
        "team_id": None,
    }
    return ChannelAccount(id=new_id(), name=name, kind=kind, address=address, config=config, **(usual | more))


def administering(actor: Actor) -> None:
    """`NotAllowed` for who may not change channels."""
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")


def _count_outbox(*states: Delivery) -> Any:
    counted = select(func.count()).where(
        Outbox.channel_id == Channel.id, Outbox.state.in_([each.value for each in states])
    )
    return counted.scalar_subquery()


def _health(name: str, state: ChannelState | None, waiting: int, dead: int) -> ChannelHealth:
    if state is None:
        return ChannelHealth(name, None, waiting=waiting, dead=dead)
    facts, since = state.problem_facts, state.problem_since
    return ChannelHealth(name, state.polled_at, state.problem, facts, since, waiting, dead)


def _desk_addresses(session: Session) -> frozenset[str]:
    return frozenset(each.lower() for each in session.scalars(select(Channel.address)) if each)


def _record(row: Channel) -> ChannelAccount:
    return ChannelAccount(**{name: getattr(row, name) for name in ChannelAccount.__slots__})
