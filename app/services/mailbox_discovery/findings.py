"""What is found out about an address, and what is proposed for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, as a code with its words under `discovery.evidence.<code>`, and facts for them."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind of channel with the settings that are known; `reason` is a code under `discovery.reason`.

    `is_sure` where what was seen leaves no doubt.
    """

    kind: str
    settings: Mapping[str, str]
    reason: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Found:
    """`proposal` is None where nothing could be found out."""

    address: str
    proposal: Proposal | None
    evidence: tuple[Evidence, ...]
