"""What is known of an application, and who may say it."""

from dataclasses import replace

import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.applications import ApplicationCard, ApplicationKind, Criticality, Duty, Vendor
from app.models.records.calendars import Calendar, Span
from app.models.records.desk import Actor, ActorKind, Audience, Role, SupportModel
from app.models.tables import Audit
from app.services import applications, staff
from app.services.catalogue import apply_catalogue
from app.services.database import Database
from app.services.sla.arranging import save_calendar
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import CATALOGUE, SharedDesk

OFFICE = ((Span(32_400, 61_200),),) * 5 + ((), ())
SUPERVISOR = Actor(ActorKind.AGENT, "Sue", role=Role.SUPERVISOR)


def _shop(database: Database) -> ApplicationCard:
    return next(each for each in applications.listed(database) if each.name == "Shop")


def test_a_card_is_read_as_it_was_saved(database: Database) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    hours = save_calendar(database, SYSTEM, Calendar(new_id(), "Office", "Europe/Berlin", OFFICE))
    maker = Vendor(new_id(), "Ledgerline", "C-17", "help@ledgerline.example", "+49 30 1", "https://help.example")
    applications.save_vendor(database, SYSTEM, maker)
    ann = staff.agents(database)[0].id
    card = ApplicationCard(
        new_id(),
        "Closing",
        Audience.INTERNAL,
        SupportModel.SWARM,
        ApplicationKind.ACCOUNTING,
        Criticality.MISSION,
        staff.teams(database)[0].id,
        hours.id,
        maker.id,
        "https://wiki.example/closing",
        people=((ann, Duty.DBA), (ann, Duty.DEVELOPER)),
    )
    applications.save(database, SYSTEM, card)
    assert card in applications.listed(database)
    assert applications.vendors(database) == [maker]


def test_the_audit_tells_what_differs_and_nothing_else(database: Database) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    applications.save(database, SYSTEM, replace(_shop(database), kind=ApplicationKind.REACT))
    applications.save(database, SYSTEM, _shop(database))
    with database.read() as session:
        saved = session.query(Audit).filter(Audit.action == "application.saved").order_by(Audit.id).all()
    assert [(each.before, each.after) for each in saved[2:]] == [({"kind": "other"}, {"kind": "react"})]


@pytest.mark.parametrize("link", ["wiki/closing", "javascript:alert(1)", "file:///etc/passwd", "https://"])
def test_what_no_browser_should_open_is_no_runbook(database: Database, link: str) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    with pytest.raises(KnownError) as refused:
        applications.save(database, SYSTEM, replace(_shop(database), runbook=link))
    assert refused.value.code == "application.bad_runbook"


def test_two_applications_have_two_names(database: Database) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    with pytest.raises(KnownError) as refused:
        applications.save(database, SYSTEM, replace(_shop(database), id=new_id()))
    assert refused.value.code == "application.name_taken"


@pytest.mark.parametrize("changed", [{"name": "Store"}, {"restricted": True}, {"team_id": None}])
def test_name_team_and_restriction_are_an_administrators(database: Database, changed: dict[str, object]) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    with pytest.raises(NotAllowed) as refused:
        applications.save(database, SUPERVISOR, replace(_shop(database), **changed))  # type: ignore[arg-type]
    assert refused.value.code == "not_allowed.administer"


def test_a_supervisor_keeps_the_card_and_an_agent_does_not(any_desk: SharedDesk) -> None:
    database, sue = any_desk.as_("sue")
    ann = any_desk.agent("ann").id
    kept = replace(_shop(database), criticality=Criticality.MISSION, people=((ann, Duty.QA),))
    applications.save(database, sue, kept)
    assert _shop(any_desk.owner) == kept
    hers, agent = any_desk.as_("ann")
    with pytest.raises(NotAllowed):
        applications.save(hers, agent, replace(kept, criticality=Criticality.ADMINISTRATIVE))
    with pytest.raises(NotAllowed):
        applications.save_vendor(hers, agent, Vendor(new_id(), "Me"))


@pytest.mark.parametrize(
    ("vendor", "code"),
    [
        (Vendor(new_id(), " "), "vendor.no_name"),
        (Vendor(new_id(), "Ledgerline"), "vendor.name_taken"),
        (Vendor(new_id(), "Other", mail="nobody"), "vendor.bad_mail"),
        (Vendor(new_id(), "Other", mail="no body@x.example"), "vendor.bad_mail"),
    ],
)
def test_a_vendor_without_name_or_with_no_address_is_refused(database: Database, vendor: Vendor, code: str) -> None:
    applications.save_vendor(database, SYSTEM, Vendor(new_id(), "Ledgerline"))
    with pytest.raises(KnownError) as refused:
        applications.save_vendor(database, SYSTEM, vendor)
    assert refused.value.code == code


def test_a_vendor_that_something_names_stays(database: Database) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    maker = Vendor(new_id(), "Ledgerline")
    applications.save_vendor(database, SYSTEM, maker)
    shop = _shop(database)
    applications.save(database, SYSTEM, replace(shop, vendor_id=maker.id, kind=ApplicationKind.ACCOUNTING))
    with pytest.raises(KnownError) as refused:
        applications.remove_vendor(database, SYSTEM, maker)
    assert refused.value.code == "vendor.in_use"
    tree, _inherited = store.of_application(database, shop.id)
    assert any(each.vendor_id == maker.id for each in tree.nodes)
    store.save(database, SYSTEM, tree)
    applications.save(database, SYSTEM, shop)
    with pytest.raises(KnownError):
        applications.remove_vendor(database, SYSTEM, maker)
    store.remove(database, SYSTEM, store.of_application(database, shop.id)[0])
    applications.remove_vendor(database, SYSTEM, maker)
    assert applications.vendors(database) == []


def test_what_two_people_change_at_once_is_both_kept(database: Database) -> None:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    seen = _shop(database)
    ann = staff.agents(database)[0].id
    applications.save(database, SYSTEM, replace(seen, kind=ApplicationKind.REACT, people=((ann, Duty.QA),)), seen)
    applications.save(database, SYSTEM, replace(seen, criticality=Criticality.MISSION), seen)
    assert _shop(database) == replace(
        seen, kind=ApplicationKind.REACT, people=((ann, Duty.QA),), criticality=Criticality.MISSION
    )
    maker = Vendor(new_id(), "Ledgerline")
    applications.save_vendor(database, SYSTEM, maker)
    applications.save_vendor(database, SYSTEM, replace(maker, phone="+49 30 1"), maker)
    applications.save_vendor(database, SYSTEM, replace(maker, contract="C-1"), maker)
    assert applications.vendors(database) == [replace(maker, phone="+49 30 1", contract="C-1")]
