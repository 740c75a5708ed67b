"""Runs of scripts as a month at the demo desk leaves them; nothing was started anywhere for them."""

from uuid import UUID

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Ended, Outcome, RemoteState
from app.services.database import Database
from app.services.remote_help import recording
from app.services.remote_help.preparing import Wanted, prepare
from app.services.secrets import Secrets

_FULL = """/dev/sda2       41152812 39021200   12040 100% /
38112004  /var
30210448  /var/log
29902112  /var/log/journal
 4117020  /var/lib
 1204416  /var/lib/docker"""
_HEALTH = """up 41 days, load 0.42 0.38 0.35
memory  15.5 GiB, 3.1 GiB free
/       39.2 GiB of 39.2 GiB used
failed services: none"""
_CUT = KnownError("ssh.cut", host="web-2.lab.example", reason="")


def add_runs(database: Database, secrets: Secrets, actor: Actor, ticket_id: UUID) -> None:
    """For one ticket: one that succeeded, one on several hosts of which one was lost, and what came before."""
    good = Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)
    lost = Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=_CUT)
    full = Wanted("linux-disk", ["web-1.lab.example"], {"path": "/", "count": "15"}, ticket_id)
    for _ in range(3):
        add_run(database, secrets, actor, full, {"web-1.lab.example": (good, _FULL)})
    hosts = ["web-1.lab.example", "web-2.lab.example", "web-3.lab.example"]
    ends = {hosts[0]: (good, _HEALTH), hosts[1]: (lost, "up 12 days"), hosts[2]: (good, _HEALTH)}
    add_run(database, secrets, actor, Wanted("linux-health", hosts, {}, ticket_id), ends)


def add_run(
    database: Database, secrets: Secrets, actor: Actor, wanted: Wanted, ends: dict[str, tuple[Ended, str]]
) -> UUID:
    """One that was written down, by target with how it ended and what it said."""
    prepared = prepare(database, actor, secrets, wanted)
    run_id = recording.ask(database, actor, prepared)
    for target, (end, head) in ends.items():
        recording.started(database, actor, run_id, target)
        recording.ended(database, actor, run_id, target, end, head)
    return run_id
