"""What becomes of a mail."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.models.records.desk import Application, Audience, Level, SupportModel, Team
from app.models.records.intake import Decision, Outcome, Seen
from app.models.records.mail import Mail, MailKind
from app.models.records.tickets import Priority, Status
from app.models.rules.intake import decide
from app.models.rules.loops import may_acknowledge
from app.models.rules.routing import Conditions, RoutingRule
from app.models.rules.subjects import bare_subject
from tests.fixtures.mails import NOW, ORIGIN, SEEN, Threads, mail, thread

L2 = Team(uuid4(), "Application Support", Level.L2)
LEDGER = Application(uuid4(), "Ledger", Audience.INTERNAL, SupportModel.TIERED, L2.id)
GRACE_ENDS = timedelta(days=14)


def decided(written: Mail, known: Threads | None = None, seen: Seen = SEEN, rules=()) -> Decision:
    return decide(written, seen, known or Threads(), ORIGIN, rules, {L2.id: L2}, NOW)


def rule(name: str = "ledger", application: Application | None = LEDGER, **conditions: tuple[str, ...]) -> RoutingRule:
    return RoutingRule(name, Conditions.from_json(conditions), application, None, None)


def test_a_new_mail_opens_a_ticket_with_the_channels_own_team() -> None:
    decision = decided(mail())
    assert decision.outcome is Outcome.NEW
    assert decision.placement is not None
    assert decision.placement.team == ORIGIN.team


def test_the_same_mail_again_is_a_duplicate() -> None:
    assert decided(mail(), seen=replace(SEEN, duplicate=True)).outcome is Outcome.DUPLICATE


def test_a_reply_joins_and_says_why() -> None:
    decision = decided(mail(in_reply_to=("a@x",)), Threads(by_mail={"a@x": thread(7)}))
    assert decision.outcome is Outcome.REPLY
    assert [each.rule for each in decision.reasons] == ["in_reply_to"]


def test_a_reply_within_the_grace_period_reopens() -> None:
    closed = thread(7, status=Status.CLOSED, closed_at=NOW - GRACE_ENDS)
    decision = decided(mail(in_reply_to=("a@x",)), Threads(by_mail={"a@x": closed}))
    assert decision.outcome is Outcome.REPLY
    assert "reopened" in [each.rule for each in decision.reasons]


def test_a_reply_after_the_grace_period_opens_a_linked_ticket() -> None:
    closed = thread(7, status=Status.CLOSED, closed_at=NOW - GRACE_ENDS - timedelta(seconds=1))
    decision = decided(mail(in_reply_to=("a@x",)), Threads(by_mail={"a@x": closed}))
    assert decision.outcome is Outcome.NEW
    assert decision.follow_up
    assert decision.thread is closed


@pytest.mark.parametrize("kind", [MailKind.AUTO, MailKind.BOUNCE])
def test_machines_mail_is_noted_on_its_ticket_and_opens_none(kind: MailKind) -> None:
    known = Threads(by_mail={"a@x": thread(7, status=Status.SOLVED, closed_at=NOW)})
    assert decided(mail(kind=kind, in_reply_to=("a@x",)), known).outcome is Outcome.NOTED
    assert decided(mail(kind=kind)).outcome is Outcome.IGNORED


def test_an_out_of_office_reply_opens_no_ticket_even_where_a_rule_matches() -> None:
    away = mail(kind=MailKind.AUTO, headers={"auto-submitted": ("auto-replied",)})
    assert decided(away, rules=[rule(senders=("@acme.example",))]).outcome is Outcome.IGNORED


def test_an_alarm_opens_a_ticket_where_a_rule_places_it() -> None:
    alarm = mail(kind=MailKind.AUTO, headers={"auto-submitted": ("auto-generated",)})
    assert decided(alarm, rules=[rule(senders=("@acme.example",))]).outcome is Outcome.NEW
    assert decided(alarm).outcome is Outcome.IGNORED


def test_our_own_mail_that_comes_back_is_ignored() -> None:
    own = mail(sender="support@desk.example", headers={"x-firstline-ticket": ("42",)})
    assert decided(own).outcome is Outcome.IGNORED


def test_a_machine_that_answers_our_acknowledgements_is_cut_off() -> None:
    loop = replace(SEEN, recent_tickets=10, recent_acknowledgements=3)
    assert decided(mail(), seen=loop).outcome is Outcome.QUARANTINED
    busy = replace(SEEN, recent_tickets=10, recent_acknowledgements=0)
    assert decided(mail(), seen=busy).outcome is Outcome.NEW


def test_the_first_rule_that_sets_a_field_wins_and_is_named() -> None:
    urgent = RoutingRule("urgent", Conditions.from_json({"subject": ("Urgent",)}), None, None, Priority.P1)
    decision = decided(mail("URGENT: booking twice"), rules=[urgent, rule(words=("booking",))])
    assert decision.placement is not None
    assert (decision.placement.priority, decision.placement.application) == (Priority.P1, LEDGER)
    assert decision.placement.team == L2
    assert decision.placement.level is Level.L2
    assert [each.facts["rule"] for each in decision.reasons if each.rule == "routing"] == ["urgent", "ledger"]


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = rule(senders=("@acme.example",), subject=("invoice",))
    assert decided(mail("invoice"), rules=[both]).placement.application is LEDGER
    assert decided(mail("invoice", sender="a@other.example"), rules=[both]).placement.application is None
    assert decided(mail("vpn"), rules=[both]).placement.application is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (mail(), True),
        (mail(sender="no-reply@acme.example"), False),
        (mail(sender="support@desk.example"), False),
        (mail(headers={"list-id": ("<users.acme.example>",)}), False),
        (mail(headers={"x-firstline-ticket": ("7",)}), False),
        (mail(kind=MailKind.AUTO), False),
    ],
)
def test_only_a_person_is_told_that_their_mail_arrived(written: Mail, told: bool) -> None:
    assert may_acknowledge(written, ORIGIN, SEEN) is told


def test_one_person_is_not_told_more_than_three_times_an_hour() -> None:
    assert may_acknowledge(mail(), ORIGIN, replace(SEEN, recent_acknowledgements=2))
    assert not may_acknowledge(mail(), ORIGIN, replace(SEEN, recent_acknowledgements=3))


@pytest.mark.parametrize(
    "subject",
    [
        "Re: VPN",
        "AW: WG: VPN",
        "SV: VPN",
        "TR: VPN",
        "RV: RE: VPN",
        "Fwd: VPN [#42]",
        "RE[2]: VPN",
        "Antw.: VPN",
        "回复：VPN",
    ],
)
def test_marks_of_mail_programs_are_no_part_of_a_subject(subject: str) -> None:
    assert bare_subject(subject) == "VPN"


@pytest.mark.parametrize("subject", ["Restart: VPN", "Irene: hello", "Reports", "I: me and mine"[3:]])
def test_words_that_only_look_like_marks_stay(subject: str) -> None:
    assert bare_subject(subject) == subject
