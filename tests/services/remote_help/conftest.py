"""A desk with a connection to the loopback host, and scripts that are approved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import tomlkit
from sqlalchemy import update

from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Connection, Run
from app.models.records.scripts import Package, Transport
from app.models.tables import Script
from app.services.database import Database
from app.services.remote_help import connections, host_keys, recording, registry
from app.services.remote_help.library import package_of
from app.services.remote_help.preparing import Prepared, Wanted, prepare
from app.services.remote_help.running import Running
from app.services.secrets import Secrets
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk
from tests.fixtures.sshd import SshHost
from tests.services.remote_help.transports.carrying import manifest

HOST = "127.0.0.1"


def shell(source: bytes, *parameters: dict[str, Any], key: str = "a-script", **more: Any) -> Package:
    """A shell script, as its folder would have it."""
    told = manifest({"transport": "ssh", "shell": "sh", "file": "script.sh"}, parameters, id=key, **more)
    text = tomlkit.dumps(told.model_dump(mode="json", by_alias=True, exclude_none=True))
    return package_of(key, {"script.sh": source, "script.toml": text.encode()})


@dataclass
class Helping:
    """A shared desk whose host is reached by SSH."""

    desk: SharedDesk
    host: SshHost

    @property
    def secrets(self) -> Secrets:
        return Secrets({f"FIRSTLINE_SECRET_REMOTE_{each}_KEY": self.host.key for each in ("LOOPBACK", "A_LAB")})

    def approved(self, package: Package) -> None:
        script_id = registry.add(self.desk.owner, SYSTEM, package)
        registry.approve(*self.desk.as_("tom"), script_id)

    def alter(self, key: str) -> None:
        """Other bytes under the same approval, as only whoever made the database can."""
        other = registry.add(self.desk.owner, SYSTEM, shell(b"echo evil\n", key=key, version="6.6"))
        with self.desk.owner.write(SYSTEM) as work:
            evil = work.session.get_one(Script, other).files
            this = (Script.key == key, Script.id != other)
            work.session.execute(update(Script).where(*this).values(files=evil))

    def prepare(self, who: str, **told: Any) -> tuple[Database, Actor, Prepared]:
        database, actor = self.desk.as_(who)
        wanted = Wanted(**{"key": "a-script", "targets": [HOST], **told})
        return database, actor, prepare(database, actor, self.secrets, wanted)

    def run(self, who: str = "ann", watch: Callable[[Running], None] | None = None, **told: Any) -> Run:
        database, actor, prepared = self.prepare(who, **told)
        running = Running(database, actor, prepared, recording.ask(database, actor, prepared))
        if watch is not None:
            watch(running)
        return running.run()


@pytest.fixture
def helping(any_desk: SharedDesk, ssh_host: SshHost) -> Helping:
    made = Connection(
        new_id(), "loopback", Transport.SSH, "", ssh_host.user, ("127.0.0.0/8", "localhost"), {"port": ssh_host.port}
    )
    connections.save(*any_desk.as_("tom"), made)
    host_keys.pin(*any_desk.as_("tom"), HOST, ssh_host.port, ssh_host.host_key)
    return Helping(any_desk, ssh_host)
