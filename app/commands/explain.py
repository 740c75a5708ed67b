"""`firstline explain FILE`: what a mail says, which ticket it would go to, and why. Stores nothing."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.intake import Explanation
from app.models.records.mail import Mail
from app.models.records.tickets import Reason
from app.services import accounts
from app.services.desk import Desk
from app.services.intake.explaining import NOWHERE, explain
from app.services.mail.html import clean
from app.services.wording import tr

_SHOWN = ("subject", "from", "to", "cc", "date", "kind", "decision", "ticket", "application", "team", "priority")


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a mail as an .eml file")
    parser.add_argument("--channel", help="as if it came by this channel")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    raw = _bytes_of(arguments.file, desk.settings.max_mail_bytes)
    origin = NOWHERE
    if arguments.channel:
        origin = accounts.origin_of(desk.database, accounts.named(desk.database, arguments.channel))
    told = told_of(explain(desk.database, origin, raw, desk.clock))
    if arguments.json:
        as_json(told)
    else:
        _print(told)
    return 0


def told_of(explanation: Explanation) -> dict[str, object]:
    """An explanation as JSON has it. `html` is cleaned, as it would be shown."""
    mail, decision = explanation.mail, explanation.decision
    placement = decision.placement
    return {
        **_content(mail),
        "decision": decision.outcome.value,
        "ticket": decision.thread.number if decision.thread else None,
        "rule": _deciding(decision.reasons),
        "why": [{"rule": each.rule, "words": tr(f"reason.{each.rule}", **each.facts)} for each in decision.reasons],
        "application": placement.application.name if placement and placement.application else None,
        "team": placement.team.name if placement and placement.team else None,
        "priority": f"P{int(placement.priority)}" if placement else None,
    }


def _content(mail: Mail) -> dict[str, object]:
    return {
        "subject": mail.subject,
        "from": mail.sender.address if mail.sender else None,
        "from_name": mail.sender.name if mail.sender else "",
        "to": [each.address for each in mail.to],
        "to_names": [each.name for each in mail.to],
        "cc": [each.address for each in mail.cc],
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "text": mail.text,
        "reply": mail.reply.visible,
        "folded": mail.reply.folded,
        "html": clean(mail.html).html if mail.html is not None else None,
        "attachments": [
            {
                "name": each.name,
                "size": each.size,
                "sha256": each.sha256,
                "media_type": each.media_type,
                "inline": each.inline,
                "invented_name": each.invented,
            }
            for each in mail.attachments
        ],
        "kind": mail.kind.value,
        "kind_reason": mail.kind_reason,
        "defects": list(mail.defects),
    }


def _deciding(reasons: tuple[Reason, ...]) -> str:
    """The rule that decided: not those that only describe the mail, nor where a new ticket goes."""
    deciding = [each.rule for each in reasons if not each.rule.startswith(("kind_", "routing"))]
    return deciding[-1] if deciding else reasons[-1].rule


def _bytes_of(file: Path, max_bytes: int) -> bytes:
    try:
        size = file.stat().st_size
        if size > max_bytes:
            raise KnownError("mail.too_large", size_mb=size // 1_000_000, limit_mb=max_bytes // 1_000_000)
        return file.read_bytes()
    except OSError as error:
        raise KnownError("file.cannot_read", file=file, reason=error.strerror or str(error)) from error


def _print(told: dict[str, object]) -> None:
    for name in (
        "subject",
        "from",
        "to",
        "cc",
        "date",
        "kind",
        "decision",
        "ticket",
        "application",
        "team",
        "priority",
    ):
        value = told[name]
        if value not in (None, "", []):
            line(f"{tr(f'cli.explain.{name}')}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    for attachment in told["attachments"] if isinstance(told["attachments"], list) else []:
        line(f"{tr('cli.explain.attachment')}: {attachment['name']} ({attachment['size']} B)")
    for reason in told["why"] if isinstance(told["why"], list) else []:
        line(f"- {reason['words']}")
    line()
    line(str(told["reply"]))
