"""`firstline channel add|find|forget|list|move|sign-in|test`: the mailboxes and other ways in and out."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from getpass import getpass
from uuid import UUID

from app.commands.channel_sign_in import find, needs_sign_in, sign_in
from app.commands.output import as_json, line, table
from app.models.errors import KnownError
from app.models.records.channels import ChannelAccount
from app.services import accounts, staff
from app.services.accounts import moving
from app.services.channels.registry import kinds, manifest
from app.services.desk import Desk
from app.services.secrets import channel_secret
from app.services.wording import tr, tr_error

_OPTIONS = ("sender_name", "acknowledge", "plus_address")


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|find|forget|list|move|sign-in|test")
    adding = verbs.add_parser("add", help="add a channel")
    adding.add_argument("kind", choices=kinds())
    adding.add_argument("--name", required=True)
    adding.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    adding.add_argument("--team", help="where requests go that no rule places")
    adding.add_argument("--sender-name", default="", help="what customers see as the sender")
    adding.add_argument("--acknowledge", action="store_true", help="tell who writes that it arrived")
    adding.add_argument("--plus-address", action="store_true", help="ask for answers to ADDRESS+TICKET")
    adding.add_argument("--ask-secrets", action="store_true", help="ask for passwords and keep them in the keyring")
    changing = verbs.add_parser("move", help="let another kind of connector have a channel; its tickets stay")
    changing.add_argument("name", metavar="NAME")
    changing.add_argument("--to", required=True, choices=kinds(), dest="kind")
    changing.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings")
    changing.add_argument("--ask-secrets", action="store_true", help="ask for passwords and keep them in the keyring")
    listing = verbs.add_parser("list", help="all channels and how they fare")
    listing.add_argument("--json", action="store_true")
    finding = verbs.add_parser("find", help="find out where a mailbox is, and what to add for it")
    finding.add_argument("address", metavar="ADDRESS")
    finding.add_argument("--json", action="store_true")
    forgetting = verbs.add_parser("forget", help="remove from the keyring what a kind that the channel had needed")
    forgetting.add_argument("name", metavar="NAME")
    signing = verbs.add_parser("sign-in", help="sign in with Microsoft or Google")
    signing.add_argument("name", metavar="NAME")
    signing.add_argument("--device", action="store_true", help="by a code on another device")
    testing = verbs.add_parser("test", help="reach, sign in, see the folder")
    testing.add_argument("name", metavar="NAME")


def run(desk: Desk, arguments: Namespace) -> int:
    verbs = {"add": _add, "find": find, "forget": _forget, "list": _list}
    verbs |= {"move": _move, "sign-in": sign_in, "test": _test}
    return verbs[arguments.verb](desk, arguments)


def _add(desk: Desk, arguments: Namespace) -> int:
    config = dict(_setting(each) for each in arguments.settings)
    address = config.get("address", "")
    team = _team_id(desk, arguments.team)
    options = {name: getattr(arguments, name) for name in _OPTIONS}
    account = accounts.new_account(arguments.name, arguments.kind, address, config, team_id=team, **options)
    accounts.check_config(account.kind, account.config)
    secrets = _ask_secrets(desk, account) if arguments.ask_secrets else {}
    accounts.add(desk.database, desk.actor or desk.system, account)
    _keep(desk, secrets)
    line(tr("cli.channel.added", name=account.name))
    if needs_sign_in(desk, account):
        line(tr("cli.channel.sign_in_next", name=account.name))
    return 0


def _move(desk: Desk, arguments: Namespace) -> int:
    account = accounts.named(desk.database, arguments.name)
    config = moving.carried(account, arguments.kind) | dict(_setting(each) for each in arguments.settings)
    wanted = replace(account, kind=arguments.kind, config=accounts.check_config(arguments.kind, config))
    secrets = _ask_secrets(desk, wanted) if arguments.ask_secrets else {}
    moved = moving.move(desk.database, desk.actor or desk.system, account, wanted.kind, wanted.config)
    _keep(desk, secrets)
    line(tr("cli.channel.moved", name=moved.name, kind=moved.kind))
    if moving.left_behind(moved):
        line(tr("cli.channel.forget_next", name=moved.name))
    if needs_sign_in(desk, moved):
        line(tr("cli.channel.sign_in_next", name=moved.name))
    return 0


def _forget(desk: Desk, arguments: Namespace) -> int:
    account = accounts.named(desk.database, arguments.name)
    line(tr("cli.channel.forgotten", name=account.name, count=moving.forget_left_behind(account)))
    return 0


def _ask_secrets(desk: Desk, account: ChannelAccount) -> dict[str, str]:
    """What is typed, under the names it is to be kept by. Asked for before anything is stored, and only where it can
    be kept."""
    names = {field: channel_secret(account.name, field) for field in manifest(account.kind).secrets}
    for name in names.values():
        desk.secrets.demand_keyring(name)
    try:
        typed = {name: getpass(tr("cli.channel.secret", field=field)) for field, name in names.items()}
    except EOFError as error:
        raise KnownError("cli.no_terminal") from error
    return {name: value for name, value in typed.items() if value}


def _keep(desk: Desk, secrets: dict[str, str]) -> None:
    for name, value in secrets.items():
        desk.secrets.set(name, value)


def _list(desk: Desk, arguments: Namespace) -> int:
    found = accounts.listed(desk.database)
    health = {each.name: each for each in accounts.health(desk.database)}
    if arguments.json:
        as_json([{"channel": each, "health": health.get(each.name)} for each in found])
        return 0
    rows = []
    for each in found:
        state = health.get(each.name)
        problem = tr(f"error.{state.problem}", **state.problem_facts) if state and state.problem else ""
        polled = f"{state.polled_at.astimezone():%Y-%m-%d %H:%M}" if state and state.polled_at else ""
        rows.append((each.name, each.kind, each.address, polled, state.waiting if state else 0, problem))
    table(
        [tr(f"cli.channel.{each}") for each in ("name", "kind", "address", "polled", "waiting", "problem")], rows, 100
    )
    return 0


def _test(desk: Desk, arguments: Namespace) -> int:
    return 0 if test_channel(desk, accounts.named(desk.database, arguments.name)) else 1


def test_channel(desk: Desk, account: ChannelAccount) -> bool:
    """Tell each step that works, and the one that does not."""
    try:
        connector = accounts.open_connector(account, desk.sign_ins.credentials, desk.settings.max_mail_bytes)
        try:
            for probe in connector.test():
                line(f"ok  {tr(f'probe.{probe.code}', **probe.facts)}")
        finally:
            connector.close()
    except KnownError as error:
        line(f"--  {tr_error(error)}")
        return False
    return True


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise KnownError("cli.bad_setting", text=text)
    return key, value


def _team_id(desk: Desk, name: str | None) -> UUID | None:
    if name is None:
        return None
    for team in staff.teams(desk.database):
        if team.name == name:
            return team.id
    raise KnownError("team.unknown", name=name)
