"""What time it is for all desks of a database: their own clocks differ, and a lease or a look must not hang on that."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def moment(session: Session, here: datetime) -> datetime:
    """The shared database's clock, in UTC; on SQLite all desks are on this machine, and its clock is `here`."""
    if session.get_bind().dialect.name != "postgresql":
        return here
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at
