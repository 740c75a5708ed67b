"""Whether the audit says what it said: every digest and every seal is made again and compared."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.models.records.audit import Finding, Flaw, Verdict
from app.models.rules.audit_chain import FIRST, SAID, digest, seal_hash
from app.models.tables import Audit, AuditSeal
from app.services.audit.reading import require_all
from app.services.database import Database

ERASED, RETIRED = "person.erased", "tickets.erased"
"""The actions of entries that name, in `after["entries"]`, those that a person's data was erased from."""

_AT_ONCE = 2_000
_TOLD = 100


def verify(database: Database, expect: str = "") -> Verdict:
    """Look at all of the chain and of the entries; a million entries take about half a minute.

    `expect` is a newest hash that was noted down elsewhere: it must still be in the chain, or somebody cut its end off
    and made it anew. `NotAllowed` as in `require_all`.
    """
    with database.read_at_one_moment() as session:
        require_all(session)
        return _Verifying(session).run(expect)


class _Verifying:
    """One look, in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._verdict = Verdict(newest=FIRST)
        self._covered = array("q")
        self._missing = 0
        self._doubtful: list[int] = []
        self._may_differ: set[int] = set()

    def run(self, expect: str) -> Verdict:
        verdict, place, met = self._verdict, (-1, -1), expect in ("", FIRST)
        for one in self._seals():
            rows = self._rows(one.entries)
            self._check_seal(one, rows)
            verdict.newest, verdict.seals, verdict.sealed = one.hash, one.number, verdict.sealed + len(one.entries)
            place = (one.transaction, one.last)
            met = met or one.hash == expect
        if not met:
            self._found(Flaw.CUT, expect)
        self._check_rest(place)
        for each in self._doubtful:
            if each in self._may_differ:
                verdict.erased += 1
            else:
                self._found(Flaw.ALTERED, each)
        return verdict

    def _seals(self) -> Iterator[AuditSeal]:
        """One after the other; they are long, and only one is held."""
        number = 0
        while True:
            query = select(AuditSeal).where(AuditSeal.number > number).order_by(AuditSeal.number).limit(1)
            one = self._session.scalars(query).one_or_none()
            if one is None:
                return
            number = one.number
            yield one

    def _rows(self, sequences: Sequence[int]) -> dict[int, Audit]:
        found: dict[int, Audit] = {}
        for start in range(0, len(sequences), _AT_ONCE):
            query = select(Audit).where(Audit.sequence.in_(sequences[start : start + _AT_ONCE]))
            found |= {each.sequence: each for each in self._session.scalars(query)}
        self._session.expunge_all()
        return found

    def _check_seal(self, one: AuditSeal, rows: dict[int, Audit]) -> None:
        self._covered.extend(one.entries)
        for sequence in one.entries:
            if sequence not in rows:
                self._missing += 1
                self._found(Flaw.REMOVED, sequence)
        follows = one.number == self._verdict.seals + 1 and one.previous == self._verdict.newest
        told = [(each, rows[each].digest) for each in one.entries if each in rows]
        if not follows or (
            len(told) == len(one.entries) and seal_hash(one.number, one.at, one.previous, told) != one.hash
        ):
            self._found(Flaw.SEAL, one.number)
        for each in rows.values():
            self._check_entry(each)

    def _check_entry(self, entry: Audit) -> None:
        if digest({name: getattr(entry, name) for name in SAID}) != entry.digest:
            self._doubtful.append(entry.sequence)
        elif entry.action in (ERASED, RETIRED):
            self._may_differ.update(entry.after.get("entries", ()))

    def _check_rest(self, place: tuple[int, int]) -> None:
        """What is not sealed yet must be whole, and nothing that is not sealed may lie before the last seal."""
        here = tuple_(Audit.transaction, Audit.sequence)
        behind = select(Audit).where(here > tuple_(*place)).order_by(Audit.sequence)
        for each in self._session.scalars(behind.execution_options(yield_per=_AT_ONCE)):
            self._verdict.waiting += 1
            self._check_entry(each)
        there = self._session.scalar(select(func.count()).select_from(Audit).where(here <= tuple_(*place))) or 0
        if there > len(self._covered) - self._missing:
            self._find_inserted(select(Audit.sequence).where(here <= tuple_(*place)).order_by(Audit.sequence))

    def _find_inserted(self, query: object) -> None:
        covered = array("q", sorted(self._covered))
        for sequence in self._session.scalars(query).yield_per(_AT_ONCE):  # type: ignore[call-overload]
            index = bisect_left(covered, sequence)
            if index == len(covered) or covered[index] != sequence:
                self._found(Flaw.INSERTED, sequence)

    def _found(self, flaw: Flaw, place: int | str) -> None:
        self._verdict.flaws += 1
        if len(self._verdict.findings) < _TOLD:
            self._verdict.findings.append(Finding(flaw, place))
