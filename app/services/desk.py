"""An open desk: what the faces are handed. Built in `app.bootstrap`, and nowhere else."""

import os
import socket
from dataclasses import dataclass, field
from datetime import timedelta

from app.models.clock import Clock
from app.models.records.desk import Actor
from app.services.database import Database
from app.services.database.reach import Reach
from app.services.database.rights import Login
from app.services.escalation import attempts
from app.services.escalation.beginning import Beginning
from app.services.escalation.replanning import Replanning
from app.services.journal import Journal
from app.services.offline import Waiting
from app.services.oncall.noticing import HandOverMails
from app.services.secrets import Secrets
from app.services.settings import Profile, Settings
from app.services.sign_in import SignIns
from app.services.sla.following import Following
from app.services.sla.sweeping import Sweep
from app.services.staff import system_actor
from app.services.work.rounds import LEASE, ChannelRounds
from app.services.work.upkeep import Upkeep
from app.services.work.worker import Worker


@dataclass
class Desk:
    """One process on one database. `actor` is the person at it; None while nobody needs to be.

    `database` holds what they may see, `backstage` all that this process may: what mail is carried with, if it
    `carries_mail`. One that was opened without its database `is_admitted` once that has been looked at.
    """

    profile: Profile
    settings: Settings
    clock: Clock
    database: Database
    secrets: Secrets
    actor: Actor | None = None
    system: Actor = field(default_factory=system_actor)
    carries_mail: bool = True
    is_narrowed: bool = False
    is_admitted: bool = True
    backstage: Database = field(init=False)
    sign_ins: SignIns = field(init=False)
    reach: Reach = field(init=False)
    journal: Journal = field(init=False)
    waiting: Waiting = field(init=False)

    def __post_init__(self) -> None:
        self.backstage = self.database
        self.sign_ins = SignIns(self.secrets, self.clock)
        self.reach = self.database.reach = Reach(self.clock)
        self.journal = Journal(self.profile.journal, self.secrets)
        self.waiting = Waiting(self.journal)

    def seat(self, actor: Actor, login: Login | None) -> None:
        """`actor` works here from now on. A shared database that knows them by `login` hides from them what it must."""
        narrowed = login is None or login.agent_id is None
        self.sit_down(actor, narrowed=narrowed, carries_mail=login is None or login.carries_mail)

    def sit_down(self, actor: Actor, *, narrowed: bool, carries_mail: bool) -> None:
        """`narrowed`: what `actor` may not see is hidden from them here, for the database does not know them."""
        self.actor, self.is_narrowed, self.carries_mail = actor, narrowed, carries_mail
        if narrowed:
            self.database = self.backstage.as_seen_by(actor)

    def rounds(self) -> ChannelRounds:
        """For work on channels, in one thread."""
        lasting = max(LEASE, timedelta(seconds=self.settings.poll_seconds * 2))
        credentials_of, most = self.sign_ins.credentials, self.settings.max_mail_bytes
        return ChannelRounds(self.backstage, self.system, _holder(), credentials_of, most, lasting)

    def worker(self) -> Worker:
        """For work on all channels, in threads of its own."""
        upkeep = Upkeep(self.backstage, self.system, _holder())
        begin, replan, follow = Beginning(self.backstage), Replanning(self.backstage), Following(self.backstage)
        steps = (begin, replan, attempts.sweep, follow, HandOverMails())
        sweep = Sweep(self.backstage, self.system, _holder(), steps)
        return Worker(self.backstage, self.rounds, self.settings.poll_seconds, upkeep.run, sweep.run)

    def close(self) -> None:
        self.database.close()


def _holder() -> str:
    """This process's name in the leases."""
    return f"{socket.gethostname()}/{os.getpid()}"
