"""Remote help at the demo desk: all that ships is approved, with a lab, an office and a domain that may be reached."""

from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.database import Database
from app.services.remote_help import connections, registry
from app.services.remote_help.library import built_in


def arrange_scripts(database: Database, actor: Actor) -> None:
    """Add and approve what ships with the desk, and say how the others are reached."""
    for package in built_in().values():
        registry.approve(database, actor, registry.add(database, actor, package))
    lab = Connection(new_id(), "lab", Transport.SSH, "", "helpdesk", ("*.lab.example",), {})
    office = Connection(new_id(), "office", Transport.WINRM, "", "CORP\\helpdesk", ("*.office.example",), {})
    units = ("OU=Staff,DC=corp,DC=example", "OU=Groups,DC=corp,DC=example")
    servers = "dc1.corp.example dc2.corp.example"
    corp = Connection(new_id(), "corp", Transport.DIRECTORY, servers, "helpdesk@corp.example", units, {})
    here = Connection(new_id(), "this computer", Transport.LOCAL, "", "", ("localhost", "127.0.0.1", "*.example"), {})
    for each in (lab, office, corp, here):
        connections.save(database, actor, each)
