"""How the demo desk is arranged: its hours, vendors and applications, who takes turns, and a tree that somebody drew.

From `resources/sample/{people,arrangements,tree}.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.models.identifiers import new_id
from app.models.records.applications import ApplicationKind, Criticality, Duty, Vendor
from app.models.records.calendars import Calendar, Week
from app.models.records.clocks import ClockKind, Target
from app.models.records.desk import Actor
from app.models.records.on_call import Rotation, ShiftUnit
from app.models.records.tickets import Priority
from app.models.rules.opening_hours import read_day
from app.services import applications, staff
from app.services.catalogue import apply_catalogue
from app.services.database import Database
from app.services.oncall.arranging import save_rotation
from app.services.resources import resources
from app.services.sample.scripts import arrange_scripts
from app.services.sla.arranging import replace_targets, save_calendar
from app.services.trees import store


def arrange_sample(database: Database, actor: Actor) -> None:
    """Arrange a desk that was filled with the sample."""
    apply_catalogue(database, actor, _text("people"))
    told = tomllib.loads(_text("arrangements"))
    _Arranging(database, actor).arrange(told)
    drawn = tomllib.loads(_text("tree"))["name"]
    application = next(each for each in applications.listed(database) if each.name == drawn)
    onto, _ = store.of_application(database, application.id)
    store.save(database, actor, store.read(database, _text("tree"), onto))
    arrange_scripts(database, actor)


class _Arranging:
    """One file, each entry by the service that a supervisor would use."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database, self._actor = database, actor
        self._people = {each.mail: each.id for each in staff.agents(database)}
        self._teams = {each.name: each.id for each in staff.teams(database)}
        self._calendars: dict[str, UUID] = {}
        self._vendors: dict[str, UUID] = {}

    def arrange(self, told: Mapping[str, Any]) -> None:
        for each in told["calendar"]:
            self._calendar(each)
        for each in told["vendor"]:
            self._vendor(each)
        for each in told["application"]:
            self._application(each)
        for each in told["rotation"]:
            self._rotation(each)
        replace_targets(
            self._database, self._actor, [_target(each, place) for each in told["target"] for place in Priority]
        )

    def _calendar(self, told: Mapping[str, Any]) -> None:
        calendar = Calendar(new_id(), told["name"], told["zone"], _week(told), told["country"], told["region"])
        self._calendars[calendar.name] = save_calendar(self._database, self._actor, calendar).id

    def _vendor(self, told: Mapping[str, Any]) -> None:
        known = {each: told[each] for each in ("name", "contract", "mail", "phone", "portal")}
        vendor = Vendor(id=new_id(), calendar_id=self._calendars[told["calendar"]], **known)
        applications.save_vendor(self._database, self._actor, vendor)
        self._vendors[vendor.name] = vendor.id

    def _application(self, told: Mapping[str, Any]) -> None:
        card = next(each for each in applications.listed(self._database) if each.name == told["name"])
        people = tuple((self._people[mail], duty) for duty in Duty for mail in told.get(duty.value, ()))
        changed = replace(
            card,
            kind=ApplicationKind(told["kind"]),
            criticality=Criticality(told["criticality"]),
            calendar_id=self._calendars.get(told.get("calendar", "")),
            vendor_id=self._vendors.get(told.get("vendor", "")),
            runbook=told.get("runbook", ""),
            people=people,
        )
        applications.save(self._database, self._actor, changed)

    def _rotation(self, told: Mapping[str, Any]) -> None:
        rotation = Rotation(
            new_id(),
            self._teams[told["team"]],
            told["name"],
            told["zone"],
            ShiftUnit(told["unit"]),
            told["starts_on"],
            told["hand_over"] * 3600,
            members=tuple(self._people[each] for each in told["members"]),
            week=_week(told) if "weekdays" in told else (),
        )
        save_rotation(self._database, self._actor, rotation)


def _target(told: Mapping[str, Any], priority: Priority) -> Target:
    return Target(new_id(), ClockKind(told["kind"]), priority, timedelta(hours=told["hours"][priority - 1]))


def _week(told: Mapping[str, Any]) -> Week:
    day = read_day(told["weekdays"])
    return day, day, day, day, day, read_day(told.get("saturday", "")), read_day(told.get("sunday", ""))


def _text(name: str) -> str:
    return resources().joinpath("sample", f"{name}.toml").read_text(encoding="utf-8")
