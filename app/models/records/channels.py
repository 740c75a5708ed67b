"""Channels as people see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

MAIL_KINDS = frozenset({"exchange", "folder", "gmail", "graph", "imap"})
"""The kinds of channel that bring mail. People know them as one, whichever way it came."""


@dataclass(frozen=True, slots=True)
class ChannelAccount:
    """An account of a channel; `config` is its connector's. Secrets are not here: they live in the keyring."""

    id: UUID
    name: str
    kind: str
    address: str
    sender_name: str
    active: bool
    acknowledge: bool
    plus_address: bool
    team_id: UUID | None
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How a channel fares. `problem` is the code of what stops it, None while it works; `polled_at` is aware UTC."""

    name: str
    polled_at: datetime | None
    problem: str | None = None
    problem_facts: Mapping[str, Any] = field(default_factory=dict)
    problem_since: datetime | None = None
    waiting: int = 0
    dead: int = 0
