"""Carries out an operation on Active Directory. ldap3 is synchronous, so all of it happens in a thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.models.clock import Clock, SystemClock
from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import DirectoryProgram
from app.models.rules.distinguished_names import parts_of
from app.services.remote_help.transports.directory.operations import OPERATIONS
from app.services.remote_help.transports.directory.servers import DirectoryOptions, Place, places_of
from app.services.remote_help.transports.directory.session import Entry, Lost, Session, new_session
from app.services.remote_help.transports.directory.task import Stopped, Task
from app.services.remote_help.transports.interface import Asked, Job, Options, Output, Probe, Reach, Stop
from app.services.wording import tr_error

_GRACE = 5.0
"""Seconds that a change has to be answered in after somebody asked to end it."""

_SKEW = timedelta(minutes=5)
"""A clock that is further off cannot sign in by Kerberos (https://www.rfc-editor.org/rfc/rfc4120, 1.6)."""

_REFUSALS = ("directory.outside", "directory.protected", "directory.protected_group", "directory.rights_unknown")

_WRITES = {
    "unlock": "lockoutTime=0",
    "reset_password": "unicodePwd=•••• lockoutTime=0 pwdLastSet=0",
    "enable": "userAccountControl -ACCOUNTDISABLE",
    "disable": "userAccountControl +ACCOUNTDISABLE",
    "add_group": "member +{account}",
    "remove_group": "member -{account}",
}


class DirectoryCarrier:
    """See `DirectoryProgram`."""

    options: type[Options] = DirectoryOptions
    asks: frozenset[Asked] = frozenset({"address", "user_name", "targets", "asks_password"})
    secrets: tuple[str, ...] = ("password",)

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def preview(self, job: Job) -> str:
        connection, operation = job.connection, _program(job).operation
        where = ",".join(map(str, places_of(connection.address)))
        told = f"ldaps://{where} as {connection.user_name}  "
        change = _WRITES.get(operation)
        if change is None:
            about = job.values.get("text") if operation == "find_user" else job.target
            return f"{told}search {operation} {about}"
        on = job.values.get("group") if operation.endswith("_group") else job.target
        return f"{told}modify {on}: {change.format(account=job.target)}" + ("  (dry run)" if job.dry_run else "")

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        doing = _Doing(job, output, stop, self._clock)
        working = asyncio.create_task(asyncio.to_thread(doing.all))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done() and doing.is_writing:
                await asyncio.wait({working}, timeout=_GRACE)
            doing.interrupt()
            return await working
        finally:
            stopping.cancel()

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        return await asyncio.to_thread(_probe, reach, self._clock)


@dataclass
class _Doing:
    """One operation, from the first server to what is known at its end."""

    job: Job
    output: Output
    stop: Stop
    clock: Clock
    _sessions: list[Session] = field(default_factory=list, init=False)

    @property
    def is_writing(self) -> bool:
        return any(each.writing for each in list(self._sessions))

    def interrupt(self) -> None:
        for each in list(self._sessions):
            each.interrupt()

    def all(self) -> Ended:
        try:
            self._operate()
        except Stopped:
            return Ended(self.stop.reason, RemoteState.NEVER_STARTED)
        except Lost as error:
            return self._lost(error)
        except KnownError as error:
            if self.stop.is_asked:
                return Ended(self.stop.reason, RemoteState.NEVER_STARTED)
            outcome = Outcome.REFUSED if error.code in _REFUSALS else Outcome.FAILED
            return Ended(outcome, RemoteState.NEVER_STARTED, problem=error)
        finally:
            for each in self._sessions:
                each.close()
        outcome = self.stop.reason if self.stop.is_asked else Outcome.SUCCEEDED
        return Ended(outcome, RemoteState.FINISHED)

    def _lost(self, error: Lost) -> Ended:
        """Nobody knows of a change that was sent; what only read has changed nothing."""
        if self.is_writing:
            problem = KnownError("directory.cut", **error.facts)
            outcome = self.stop.reason if self.stop.is_asked else Outcome.LOST
            return Ended(outcome, RemoteState.UNKNOWN, problem=problem)
        if self.stop.is_asked:
            return Ended(self.stop.reason, RemoteState.NEVER_STARTED)
        return Ended(Outcome.LOST, RemoteState.NEVER_STARTED, problem=error)

    def _operate(self) -> None:
        connection = self.job.connection
        options = DirectoryOptions.model_validate(connection.options)
        places = places_of(connection.address)
        if options.base:
            parts_of(options.base)

        def opened(place: Place) -> Session:
            self._check()
            session = _session(self.job.reach, options, place)
            self._sessions.append(session)
            session.sign_in()
            return session

        session = first_of(places, opened, lambda error: self.output.progress(None, tr_error(error)))
        root = _root(session)
        domain = root.text("defaultNamingContext")
        now = _told_now(root) or self.clock.now()
        task = Task(
            self.job, options, self.output, session, options.base or domain, domain, now, places, opened, self._check
        )
        skew = self.clock.now() - now
        if abs(skew) > _SKEW:
            task.note("skew", server=session.place, minutes=round(abs(skew).total_seconds() / 60))
        self._check()
        OPERATIONS[_program(self.job).operation](task)

    def _check(self) -> None:
        if self.stop.is_asked:
            raise Stopped


def first_of(
    places: Sequence[Place], opened: Callable[[Place], Session], passed_by: Callable[[KnownError], None]
) -> Session:
    """A session with the first server that answers. One that refuses the password ends it: the next would count it as
    another wrong one, until the desk's own account is locked."""
    failed: KnownError | None = None
    for each in places:
        try:
            return opened(each)
        except KnownError as error:
            if error.code.startswith("directory.sign_in.") or error.code in ("directory.no_secret", "directory.bad_ca"):
                raise
            failed = error
            if each is not places[-1]:
                passed_by(error)
    assert failed is not None
    raise failed


def _probe(reach: Reach, clock: Clock) -> Sequence[Probe]:
    options = DirectoryOptions.model_validate(reach.connection.options)
    found = []
    for place in places_of(reach.connection.address):
        session = _session(reach, options, place)
        try:
            session.sign_in()
            root = _root(session)
            told = {"server": place, "user": reach.connection.user_name, "domain": root.text("defaultNamingContext")}
            found += [Probe("directory.verified", told), Probe("directory.signed_in", told)]
            for unit in reach.connection.targets:
                parts_of(unit)
                session.read(unit, ("objectClass",))
                found.append(Probe("directory.unit", {**told, "unit": unit}))
            now = _told_now(root)
            if now is not None and abs(clock.now() - now) <= _SKEW:
                found.append(Probe("directory.clock", told))
        finally:
            session.close()
    return found


def _session(reach: Reach, options: DirectoryOptions, place: Place) -> Session:
    password = reach.secret("password")
    if not password:  # an empty one would be taken for nobody's sign-in, and let through
        raise KnownError("directory.no_secret", connection=reach.connection.name)
    return new_session(place, options.ca, reach.connection.user_name, password)


def _root(session: Session) -> Entry:
    return session.read("", ("defaultNamingContext", "currentTime"))


def _told_now(root: Entry) -> datetime | None:
    try:
        return datetime.strptime(root.text("currentTime")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _program(job: Job) -> DirectoryProgram:
    program = job.package.manifest.program
    assert isinstance(program, DirectoryProgram)
    return program
