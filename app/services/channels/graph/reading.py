"""Reading a folder: its mails from the oldest, and then what comes (see `cursor` for the stages).

A mail that Graph fails at keeps what came behind it waiting for some polls. Then, if Graph hands over another mail of
the mailbox, it is passed over and told, and asked for again now and then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from app.services.channels.graph.cursor import Standing, Withheld, mark_of
from app.services.channels.graph.errors import NotGraph, Refused
from app.services.channels.graph.fetching import Failure, Fetcher
from app.services.channels.graph.mailbox import MOST_PAGES, Mailbox, values
from app.services.channels.interface import Incoming

_SURVEY_PAGES = 20
"""Of one poll: the channel's lease runs meanwhile."""
_SURVEY_SIZE = 200
TRIES = 3
"""Polls that a mail may fail, each with patience of its own and a rest of the channel behind it."""
_SELECT = "$select=receivedDateTime,isDraft"
_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, oldest first, and where reading stands behind it.

    `failure` is what keeps the mail in front from being read: to be told once the standing, which counts it, is kept.
    """

    messages: Sequence[Incoming]
    standing: Standing
    more: bool
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A mail in a listing. `received` is as Graph tells it, in UTC and to the second; it sorts as text."""

    id: str
    received: str


@dataclass(frozen=True)
class Reader:
    """Reads one folder of a mailbox, `limit` mails at most. `now` tells the seconds since 1970."""

    mailbox: Mailbox
    fetcher: Fetcher
    limit: int
    now: Callable[[], float]

    def read(self, standing: Standing) -> Read:
        """What comes behind `standing`. Where its mark has expired all is read anew, and the core knows what it had."""
        start = Standing(standing.folder, withheld=standing.withheld)
        try:
            news = self._read(standing)
        except Refused as refusal:
            if not refusal.is_resync or standing == start:
                raise
            news = self._read(start)
        return news if news.more else self._withheld_again(news)

    def _read(self, standing: Standing) -> Read:
        if standing.stage == "survey":
            standing = self._surveyed(standing)
            if standing.stage == "survey":
                return Read((), standing, more=True)
        return self._backlog(standing) if standing.stage == "backlog" else self._changes(standing)

    def _surveyed(self, standing: Standing) -> Standing:
        start = self.mailbox.folder(standing.folder, "messages", "delta") + f"?changeType=created&{_SELECT}"
        target = standing.link or start
        for _ in range(_SURVEY_PAGES):
            page = self.mailbox.transport.get(target, f"odata.maxpagesize={_SURVEY_SIZE}")
            values(page)
            target = self.mailbox.link(page, "next")
            if not target:
                return standing.at("backlog", self._mark(page))
        return standing.at("survey", target)

    def _backlog(self, standing: Standing) -> Read:
        """By time and not by page number: mail that is settled leaves the folder while it is read."""
        found, ended = self._listed(standing)
        news, taken = self._fetched(standing, found)
        if ended and taken == len(found):
            return replace(news, standing=news.standing.at("changes", standing.link))
        return replace(news, standing=_past(news.standing, found[:taken]))

    def _fetched(self, standing: Standing, found: Sequence[_Entry]) -> tuple[Read, int]:
        """The mails of the first of these entries, and of how many. Of the standing only the tries and what is withheld
        are done."""
        ids = [each.id for each in found[: self.limit]]
        passed_over = {each.id for each in standing.withheld}
        last_try = standing.tries >= TRIES - 1
        if ids and last_try:
            self.fetcher.prove_others({ids[0], *passed_over})
        fetched = self.fetcher.fetch(ids)
        if fetched.failure is None:
            return Read(fetched.messages, replace(standing, tries=0), more=True), fetched.looked_at
        if not last_try:
            return Read((), replace(standing, tries=standing.tries + 1), more=True, failure=fetched.failure), 0
        withheld = (*standing.withheld, Withheld(ids[0]).later(self.now()))
        return Read([self.fetcher.withheld(ids[0])], replace(standing, withheld=withheld), more=True), 1

    def _withheld_again(self, news: Read) -> Read:
        """One of those that were passed over, where its time has come, behind all that is new."""
        standing, now = news.standing, self.now()
        due = next((each for each in standing.withheld if each.is_due(now)), None)
        if due is None or len(news.messages) >= self.limit:
            return news
        others = tuple(each for each in standing.withheld if each != due)
        try:
            incoming = self.fetcher.again(due.id)
        except (Refused, httpx.HTTPError):
            return replace(news, standing=replace(standing, withheld=(*others, due.later(now))))
        messages = [*news.messages, *([incoming] if incoming else [])]
        return replace(news, messages=messages, standing=replace(standing, withheld=others))

    def _listed(self, standing: Standing) -> tuple[list[_Entry], bool]:
        """Mails behind `standing`, the oldest first, and whether those are all. The second before is looked at again,
        for what Graph tells is rounded."""
        target = self.mailbox.folder(standing.folder, "messages")
        target += f"?{_SELECT}&$orderby=receivedDateTime&$top={max(1, min(self.limit + len(standing.done), 500))}"
        if standing.since:
            target += f"&$filter=receivedDateTime ge {_second_before(standing.since)}"
        found: list[_Entry] = []
        for _ in range(MOST_PAGES):
            page = self.mailbox.transport.get(target)
            found += _fresh(values(page), standing)
            target = self.mailbox.link(page, "next")
            if not target or len(found) > self.limit:
                return found, not target
        raise NotGraph("@odata.nextLink")

    def _changes(self, standing: Standing) -> Read:
        """One page of changes; what has gone or was a change of another kind only moves on."""
        page = self.mailbox.transport.get(standing.link, f"odata.maxpagesize={max(1, self.limit)}")
        found = sorted(_fresh(values(page), standing), key=lambda each: each.received)
        news, taken = self._fetched(standing, found)
        if taken < len(found):  # the same page again, without what is read of it
            done = standing.done + tuple(mark_of(each.id) for each in found[:taken])
            return replace(news, standing=replace(news.standing, done=done))
        following = self.mailbox.link(page, "next")
        if following == standing.link:
            raise NotGraph("@odata.nextLink")
        ahead = news.standing.at("changes", following or self._mark(page))
        return replace(news, standing=ahead, more=bool(following))

    def _mark(self, page: dict[str, Any]) -> str:
        """Behind what the changes will be told; without it all would be read again at every poll."""
        told = self.mailbox.link(page, "delta")
        if not told:
            raise NotGraph("@odata.deltaLink")
        return told


def _fresh(entries: Sequence[dict[str, Any]], standing: Standing) -> list[_Entry]:
    """The mails among them that are not read yet: no removals, and no drafts of somebody who still writes."""
    marks, passed_over = set(standing.done), {each.id for each in standing.withheld}
    found: dict[str, _Entry] = {}
    for each in entries:
        name = str(each["id"])
        if "@removed" in each or each.get("isDraft") is True or mark_of(name) in marks or name in passed_over:
            continue
        found[name] = _Entry(name, str(each.get("receivedDateTime") or ""))
    return list(found.values())


def _past(standing: Standing, passed: Sequence[_Entry]) -> Standing:
    if not passed:
        return standing
    since = max(standing.since, passed[-1].received)
    marks = tuple(mark_of(each.id) for each in passed if each.received >= _second_before(since))
    kept = standing.done if standing.since >= _second_before(since) else ()
    return replace(standing, since=since, done=kept + marks)


def _second_before(received: str) -> str:
    try:
        return (datetime.strptime(received, _FORM) - timedelta(seconds=1)).strftime(_FORM)  # noqa: DTZ007 - in UTC, by its form
    except (ValueError, OverflowError):
        return received
