"""`firstline channel find` and `sign-in`: where a mailbox is, and a person's sign-in with Microsoft or Google."""

import webbrowser
from argparse import Namespace
from threading import Event

from app.commands.output import as_json, line
from app.models.records.channels import ChannelAccount
from app.services import accounts, mailbox_discovery
from app.services.desk import Desk
from app.services.sign_in import DeviceCode, Window
from app.services.wording import tr


def find(_desk: Desk, arguments: Namespace) -> int:
    """Say what to add for an address, and why."""
    found = mailbox_discovery.find(arguments.address)
    if arguments.json:
        as_json(found)
        return 0 if found.proposal else 1
    proposal = found.proposal
    if proposal is None:
        line(tr("discovery.nothing", address=found.address))
    else:
        line(tr("discovery.settings", kind=tr(f"channel.{proposal.kind}.name")))
        line(tr(f"discovery.reason.{proposal.reason}"))
        line(tr("discovery.sure" if proposal.is_sure else "discovery.unsure"))
    for each in found.evidence:
        line(f"  {tr(f'discovery.evidence.{each.code}', **each.facts)}")
    if proposal is not None:
        settings = " ".join(f"--set {name}={value}" for name, value in proposal.settings.items())
        line(tr("discovery.add", kind=proposal.kind, settings=settings))
    return 0 if proposal else 1


def sign_in(desk: Desk, arguments: Namespace) -> int:
    """A person signs in, by Windows or in the browser of this machine, or with a code on another device."""
    account = accounts.named(desk.database, arguments.name)
    identity = accounts.person_of(account)
    if arguments.device:
        signed_in = desk.sign_ins.by_device(identity, _show_code, Event())
    else:
        window = Window(None, lambda: line(tr("cli.channel.windows")))
        signed_in = desk.sign_ins.by_windows(identity, window, Event()) or desk.sign_ins.in_browser(
            identity, desk.sign_ins.secret_of(account.name), _show_page, Event()
        )
    line(tr("cli.channel.signed_in", name=account.name, who=signed_in.who))
    return 0


def needs_sign_in(desk: Desk, account: ChannelAccount) -> bool:
    """Whether a person has to sign in before the channel works."""
    identity = accounts.identity_of(account)
    return identity is not None and not identity.app_only and desk.sign_ins.who(identity) is None


def _show_page(address: str) -> bool:
    line(tr("cli.channel.browser", address=address))
    return webbrowser.open(address)


def _show_code(code: DeviceCode) -> None:
    line(tr("cli.channel.device", address=code.address, code=code.user_code))
