"""Duty that changes hands soon, for those whose it is or will be: on their desk, and by mail for who has none open."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.mail import Address
from app.models.records.on_call import HandOver
from app.models.tables import Agent, DutyNotice, DutyOverride, DutyRotation, Team
from app.services.database import Database, Work
from app.services.oncall.reading import roster_of
from app.services.outbox.storing import queue_notice
from app.services.wording import tr

AHEAD = timedelta(hours=1)
"""How long before a hand-over its mail is written."""

_BEHIND = timedelta(hours=12)
"""A hand-over that nobody looked at for so long is told of no more."""

_PAUSE = timedelta(minutes=1)
_KEPT = timedelta(days=30)
_LEAST = timedelta(microseconds=1)
"""The shift that begins at the very end of a span is looked at as well."""


def hand_overs(database: Database, agent_id: UUID, after: datetime, until: datetime) -> list[HandOver]:
    """The hand-overs to and from a person behind `after` and not behind `until` (aware), in order."""
    with database.read() as session:
        found = [each for who, each, _ in _all_hand_overs(session, after, until) if who == agent_id]
    return sorted(found, key=lambda each: each.at)


class HandOverMails:
    """A step of the sweep: a mail to who goes on duty within an hour, and to who goes off, once each.

    Keep one for as long as this process sweeps: it looks once a minute.
    """

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, work: Work) -> int:
        if self._next is not None and work.now < self._next <= work.now + _PAUSE:
            return 0
        self._next = work.now + _PAUSE
        work.session.execute(delete(DutyNotice).where(DutyNotice.at < work.now - _KEPT))
        coming = list(_all_hand_overs(work.session, work.now - _BEHIND, work.now + AHEAD))
        return sum(_tell(work, who, each, zone) for who, each, zone in _untold(work, coming))


_Coming = tuple[UUID, HandOver, str]
"""Whom it is told, what, and the zone of the roster."""


def _untold(work: Work, coming: Iterable[_Coming]) -> Iterator[_Coming]:
    """What is not told yet; of what is over by now only a duty that still lasts."""
    query = select(DutyNotice.team_id, DutyNotice.agent_id, DutyNotice.at)
    known = {(team, agent, at) for team, agent, at in work.session.execute(query)}
    for who, each, zone in coming:
        is_news = each.at > work.now or (each.begins and (each.until is None or each.until > work.now))
        if is_news and (each.team_id, who, each.at) not in known:
            yield who, each, zone


def _tell(work: Work, agent_id: UUID, told: HandOver, zone: str) -> bool:
    """Whether it was told. Without a channel that sends, the notice on the desk has to do."""
    agent = work.session.get_one(Agent, agent_id)
    if not agent.active:
        return False
    local = replace(told, at=_at(told.at, zone), until=_at(told.until, zone) if told.until is not None else None)
    with suppress(KnownError):
        subject = tr("duty_mail.begins" if told.begins else "duty_mail.ends", team=told.team)
        queue_notice(work, Address(agent.mail, agent.name), subject, _words(local, zone))
        values = {"team_id": told.team_id, "agent_id": agent_id, "at": told.at}
        work.session.add(DutyNotice(id=new_id(), told_at=work.now, **values))
        return True
    return False


def _words(told: HandOver, zone: str) -> str:
    form = tr("time.date_time")
    facts = {
        "team": told.team,
        "at": told.at.strftime(form),
        "zone": zone,
        "other": told.other or tr("duty_mail.nobody"),
    }
    if not told.begins:
        return tr("duty_mail.ends_text", **facts)
    until = told.until.strftime(form) if told.until is not None else tr("duty_mail.further_notice")
    return tr("duty_mail.begins_text", until=until, **facts)


def _at(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


def _all_hand_overs(session: Session, after: datetime, until: datetime) -> Iterator[_Coming]:
    """Behind `after` and not behind `until`: one to who has it then, one from who had it before."""
    rostered = select(DutyRotation.team_id).union(select(DutyOverride.team_id).where(DutyOverride.until > after))
    names = dict(session.execute(select(Agent.id, Agent.name)).all())
    for team in session.scalars(select(Team).where(Team.id.in_(rostered))):
        roster = roster_of(session, team.id)
        zone = next((each.rotation.zone for each in roster.turns), "UTC")
        for before, then in pairwise(roster.shifts(after, until + _LEAST)):
            if before.agent_id == then.agent_id:
                continue
            had, has = (names.get(each.agent_id, "") if each.agent_id else "" for each in (before, then))
            if then.agent_id is not None:
                ends = roster.on_duty(then.since).until
                yield then.agent_id, HandOver(team.id, team.name, then.since, True, ends, had), zone
            if before.agent_id is not None:
                yield before.agent_id, HandOver(team.id, team.name, then.since, False, None, has), zone
