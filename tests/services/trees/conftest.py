"""A desk with all levels, a vendor, a developer, a database administrator and a lead."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Agent, Application, ApplicationPerson, Team, Vendor
from app.services.catalogue import apply_catalogue
from app.services.database import Database
from tests.fixtures.databases import SYSTEM

CATALOGUE = """
team = [
  { name = "Service Desk", level = 1 }, { name = "Application Support", level = 2 },
  { name = "Portal Development", level = 3 }, { name = "Shop Development", level = 3 },
]
agent = [
  { name = "Ann", mail = "ann@desk.example", teams = ["Service Desk"] },
  { name = "Ada", mail = "ada@desk.example", teams = ["Application Support"] },
  { name = "Dev", mail = "dev@desk.example", teams = ["Shop Development"] },
  { name = "Pat", mail = "pat@desk.example", teams = ["Portal Development"] },
  { name = "Dba", mail = "dba@desk.example", teams = ["Application Support"] },
  { name = "Sue", mail = "sue@desk.example", role = "supervisor", teams = [] },
]
application = [
  { name = "Shop", audience = "customer", team = "Service Desk" },
  { name = "Sales report", audience = "internal", team = "Application Support" },
]
"""


@dataclass
class TreeDesk:
    """`id(...)` by the name of a team, an agent, an application or the vendor."""

    database: Database

    def id(self, name: str) -> UUID:
        with self.database.read() as session:
            for table in (Team, Agent, Application, Vendor):
                found: UUID | None = session.scalar(select(table.id).where(table.name == name))
                if found is not None:
                    return found
        raise LookupError(name)

    def actor(self, role: Role) -> Actor:
        return Actor(ActorKind.AGENT, "Sue", self.id("Sue"), role, "test-desk")

    def change(self, table: type[Application | Agent | Team | Vendor], name: str, **values: object) -> None:
        with self.database.write(SYSTEM) as work:
            work.session.execute(update(table).where(table.name == name).values(**values))

    def employ(self, application: str, agent: str, duty: str) -> None:
        row = {"application_id": self.id(application), "agent_id": self.id(agent), "duty": duty}
        with self.database.write(SYSTEM) as work:
            work.session.execute(insert(ApplicationPerson).values(**row))


@pytest.fixture
def desk(database: Database) -> TreeDesk:
    apply_catalogue(database, SYSTEM, CATALOGUE)
    found = TreeDesk(database)
    with database.write(SYSTEM) as work:
        work.session.execute(insert(Vendor).values(id=new_id(), name="Ledgerline", mail="help@ledgerline.example"))
    for name in ("Service Desk", "Application Support"):
        found.change(Team, name, manager_id=found.id("Sue"))
    return found
