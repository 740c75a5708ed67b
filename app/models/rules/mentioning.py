"""Whom a note calls for."""

import re
from collections.abc import Sequence
from uuid import UUID


def mentioned(text: str, colleagues: Sequence[tuple[UUID, str]]) -> tuple[UUID, ...]:
    """Those of `colleagues` (id, name) whom a note calls for by `@` and their whole name."""
    return tuple(
        agent_id for agent_id, name in colleagues if re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", text, re.IGNORECASE)
    )
