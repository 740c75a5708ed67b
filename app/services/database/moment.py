"""What time it is for all desks of a database: their own clocks differ, and a lease or a look must not hang on that."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, func, select
from sqlalchemy.orm import Session


def moment(session: Session, here: datetime) -> datetime:
    """The shared database's clock, in UTC; on SQLite all desks are on this machine, and its clock is `here`."""
    told = moment_there(session, here)
    if isinstance(told, datetime):
        return told
    at: datetime = session.execute(select(told)).scalar_one()
    return at


def moment_there(session: Session, here: datetime) -> Any:
    """The same, for a statement to reckon with: nothing is asked before it."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return func.clock_timestamp(type_=DateTime(timezone=True)) if on_postgres else here
