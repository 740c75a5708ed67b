"""Joining a database: looking whether it can be worked on, and making it this desk's."""

from app.services.joining.deciding import Plan, decide, is_fresh, remember_database, remember_person
from app.services.joining.looking import Fitness, Found, Server, look

__all__ = [
    "Fitness",
    "Found",
    "Plan",
    "Server",
    "decide",
    "is_fresh",
    "look",
    "remember_database",
    "remember_person",
]
