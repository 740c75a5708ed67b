"""To which application and team a new request goes: an administrator's rules, tried in their order.

Each of application, team and priority is set by the first rule that matches and sets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.models.records.desk import Application, Level, Team
from app.models.records.intake import Origin, Placement
from app.models.records.mail import Mail
from app.models.records.tickets import Priority, Reason


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that are set must hold; of the values of one, any. Everything is compared without regard to case.

    `senders` are addresses, or domains as `@acme.example`. `recipients` are addresses. `words` are looked for in the
    subject and the text. `channels` are names.
    """

    senders: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Sequence[str]]) -> "Conditions":
        """From the stored form; names it does not know are a bug, not a rule that matches everything."""
        return cls(**{name: tuple(each.casefold() for each in values) for name, values in stored.items()})

    def hold(self, mail: Mail, origin: Origin) -> bool:
        sender = mail.sender.address.casefold() if mail.sender else ""
        recipients = {each.address.casefold() for each in (*mail.to, *mail.cc)}
        subject = mail.subject.casefold()
        return (
            (not self.senders or any(_is_from(sender, each) for each in self.senders))
            and (not self.recipients or bool(recipients & set(self.recipients)))
            and (not self.channels or origin.name.casefold() in self.channels)
            and (not self.subject or any(each in subject for each in self.subject))
            and (not self.words or _has_word(self.words, subject, mail.reply.visible))
        )


@dataclass(frozen=True, slots=True)
class RoutingRule:
    name: str
    conditions: Conditions
    application: Application | None
    team: Team | None
    priority: Priority | None


def place(mail: Mail, origin: Origin, rules: Sequence[RoutingRule], teams: Mapping[UUID, Team]) -> Placement:
    """Where a ticket that `mail` opens goes; the channel's own team where no rule sets one."""
    application: Application | None = None
    team: Team | None = None
    priority: Priority | None = None
    reasons = []
    for rule in rules:
        if not rule.conditions.hold(mail, origin):
            continue
        reasons.append(Reason("routing", {"rule": rule.name}))
        application = application or rule.application
        team = team or rule.team
        priority = priority or rule.priority
    by_rule = bool(reasons)
    if team is None and application is not None and application.team_id is not None:
        team = teams.get(application.team_id)
    if team is None:
        team = origin.team
        reasons.append(Reason("routing_default", {"channel": origin.name, "team": team.name if team else ""}))
    return Placement(application, team, _level(application, team), priority or Priority.P3, tuple(reasons), by_rule)


def _level(application: Application | None, team: Team | None) -> Level:
    """The team's own level; without a team, where the application's requests start."""
    if team is not None:
        return team.level
    return application.first_level if application is not None else Level.L1


def _is_from(sender: str, wanted: str) -> bool:
    return sender.endswith(wanted) if wanted.startswith("@") else sender == wanted


def _has_word(words: Sequence[str], subject: str, text: str) -> bool:
    folded = text.casefold()
    return any(each in subject or each in folded for each in words)
