"""Reading a folder: its mails from the oldest, and then what comes (see `cursor` for the stages)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.services.channels.graph.cursor import Standing, mark_of
from app.services.channels.graph.errors import NotGraph, Refused
from app.services.channels.graph.fetching import Fetcher
from app.services.channels.graph.mailbox import MOST_PAGES, Mailbox, values
from app.services.channels.interface import Incoming

_SURVEY_PAGES = 20
"""Of one poll: the channel's lease runs meanwhile."""
_SURVEY_SIZE = 200
_SELECT = "$select=receivedDateTime,isDraft"
_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, oldest first, and where reading stands behind it."""

    messages: Sequence[Incoming]
    standing: Standing
    more: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A mail in a listing. `received` is as Graph tells it, in UTC and to the second; it sorts as text."""

    id: str
    received: str


@dataclass(frozen=True)
class Reader:
    """Reads one folder of a mailbox, `limit` mails at most."""

    mailbox: Mailbox
    fetcher: Fetcher
    limit: int

    def read(self, standing: Standing) -> Read:
        """What comes behind `standing`. Where its mark has expired all is read anew, and the core knows what it had."""
        try:
            return self._read(standing)
        except Refused as refusal:
            if not refusal.is_resync or standing == Standing(standing.folder):
                raise
            return self._read(Standing(standing.folder))

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
        messages, taken = self.fetcher.fetch([each.id for each in found[: self.limit]])
        passed = found[:taken]
        if ended and taken == len(found):
            return Read(messages, standing.at("changes", standing.link), more=True)
        return Read(messages, _past(standing, passed), more=True)

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
            found += _fresh(values(page), standing.done)
            target = self.mailbox.link(page, "next")
            if not target or len(found) > self.limit:
                return found, not target
        raise NotGraph("@odata.nextLink")

    def _changes(self, standing: Standing) -> Read:
        """One page of changes; what has gone or was a change of another kind only moves on."""
        page = self.mailbox.transport.get(standing.link, f"odata.maxpagesize={max(1, self.limit)}")
        found = sorted(_fresh(values(page), standing.done), key=lambda each: each.received)
        messages, taken = self.fetcher.fetch([each.id for each in found[: self.limit]])
        if taken < len(found):  # the same page again, without what is read of it
            done = standing.done + tuple(mark_of(each.id) for each in found[:taken])
            return Read(messages, replace(standing, done=done), more=True)
        following = self.mailbox.link(page, "next")
        if following == standing.link:
            raise NotGraph("@odata.nextLink")
        return Read(messages, standing.at("changes", following or self._mark(page)), more=bool(following))

    def _mark(self, page: dict[str, Any]) -> str:
        """Behind what the changes will be told; without it all would be read again at every poll."""
        told = self.mailbox.link(page, "delta")
        if not told:
            raise NotGraph("@odata.deltaLink")
        return told


def _fresh(entries: Sequence[dict[str, Any]], done: Sequence[str]) -> list[_Entry]:
    """The mails among them that are not read yet: no removals, and no drafts of somebody who still writes."""
    known = set(done)
    found: dict[str, _Entry] = {}
    for each in entries:
        if "@removed" in each or each.get("isDraft") is True or mark_of(str(each["id"])) in known:
            continue
        found[str(each["id"])] = _Entry(str(each["id"]), str(each.get("receivedDateTime") or ""))
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
