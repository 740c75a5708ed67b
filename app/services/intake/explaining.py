"""What would become of a mail, and why; nothing is stored."""

from uuid import UUID

from app.models.clock import Clock
from app.models.records.intake import Explanation, Origin
from app.models.rules.intake import decide
from app.services.database import Database
from app.services.intake.known import Known
from app.services.intake.lookup import load
from app.services.intake.routing import Routing, load_routing
from app.services.mail.parsing import read_mail

NOWHERE = Origin(UUID(int=0), "", "file", "", acknowledge=False, team=None, desk_addresses=frozenset())
"""For a file that came by no channel."""


def explain(database: Database | None, origin: Origin, raw: bytes, clock: Clock) -> Explanation:
    """Read `raw` and decide as if it came by `origin` now; without a database, as if nothing came before.

    `KnownError` where it cannot be read.
    """
    mail, now = read_mail(raw), clock.now()
    known, routing = Known(), Routing((), {})
    if database is not None:
        with database.read() as session:
            known, routing = load(session, [mail], now), load_routing(session)
    decision = decide(mail, known.seen(mail), known, origin, routing.rules, routing.teams, now)
    return Explanation(mail, decision)
