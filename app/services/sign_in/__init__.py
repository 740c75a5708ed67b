"""Who is signed in where: what each channel gets to show to its server."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.channels.interface import Credentials, Identity
from app.services.secrets import Secrets


@dataclass(frozen=True)
class SignIns:
    """All sign-ins of one process."""

    secrets: Secrets

    def credentials(
        self,
        channel: str,
        identity: Identity | None,  # noqa: ARG002 - no kind asks for tokens yet
        entered: Mapping[str, str] | None = None,
    ) -> Credentials:
        """What the channel of that name signs in with; `entered` are secrets that are not kept, or not yet."""
        typed, kept = entered or {}, self.secrets.of_channel(channel)
        return Credentials(lambda name: typed.get(name) or kept(name))
