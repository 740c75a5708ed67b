"""Placeholders become what the ticket knows; what it does not know stays in sight."""

from dataclasses import replace

import pytest

from app.models.records.desk import Actor, ActorKind
from app.models.records.people import PersonCard
from app.models.rules.placeholders import NAMES, facts, fill_html, fill_text, first_name, placeholders_in, unfilled
from tests.views.messages import a_ticket

SAM = Actor(ActorKind.AGENT, "Sam Okafor")


def test_every_placeholder_has_a_value_or_none() -> None:
    assert set(facts(a_ticket(), SAM)) == set(NAMES) == set(facts(None, None))


def test_what_has_no_value_stays_and_is_told_once() -> None:
    values = facts(None, SAM)
    filled = fill_text("{agent.first_name} {requester.name} {requester.name} {unknown} {", values)
    assert filled == "Sam {requester.name} {requester.name} {unknown} {"
    assert unfilled(filled) == ("{requester.name}",)
    assert placeholders_in("a {application}") == [(2, 15)]


def test_a_value_cannot_bring_markup_in() -> None:
    ticket = a_ticket()
    person = PersonCard(ticket.row.id, "<b>Eve</b> & Co", None, (), ())
    values = facts(replace(ticket, requester=person), SAM)
    assert fill_html("<p>{requester.name}</p>", values) == "<p>&lt;b&gt;Eve&lt;/b&gt; &amp; Co</p>"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Priya Nair", "Priya"),
        ("Nair, Priya", "Priya"),
        ("priya@x.example", ""),
        ("P. Nair", ""),
        ("", ""),
        ("Bo", "Bo"),
    ],
)
def test_a_first_name_is_one_or_nothing(name: str, first: str) -> None:
    assert first_name(name) == first
