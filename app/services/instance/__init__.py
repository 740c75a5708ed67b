"""One desk a profile: what a second start asks the first one for."""

import hashlib
import re

from app.models.errors import KnownError
from app.services.profile import Profile

SCHEME = "firstline"
_LINK = re.compile(rf"(?:{SCHEME}:(?://)?ticket/|#)?([0-9]{{1,15}})/?", re.IGNORECASE | re.ASCII)


def ticket_of(link: str) -> int:
    """The number of `firstline://ticket/42`, `#42` or `42`; `KnownError` `link.malformed` for anything else."""
    found = _LINK.fullmatch(link.strip())
    if found is None or int(found[1]) == 0:
        raise KnownError("link.malformed", link=link[:80])
    return int(found[1])


def is_link(argument: str) -> bool:
    """Whether an argument of the command line is meant as a link, well formed or not."""
    return argument.lower().startswith(f"{SCHEME}:")


def call_name(profile: Profile) -> str:
    """What the desk of this profile listens under on this machine; short, since the names of sockets are."""
    folder = str(profile.folder.resolve())
    return f"firstline-{hashlib.sha256(folder.encode()).hexdigest()[:20]}"
