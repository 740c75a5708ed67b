"""Signing in by NTLM over HTTP (MS-NTHT), with pyspnego as the acceptor."""

import base64

import spnego
from spnego.exceptions import SpnegoError


class Handshake:
    """The steps of one connection: a challenge to the first message, a user after the third."""

    def __init__(self, scheme: str = "NTLM") -> None:
        self._scheme = scheme
        self.user: str | None = None
        self._acceptor: spnego.ContextProxy | None = None

    def step(self, authorization: str | None) -> str | None:
        """The challenge to send back, in base64, None where there is none."""
        kind, _, told = (authorization or "").partition(" ")
        if kind != self._scheme:
            return None
        token = base64.b64decode(told)
        bare = token.startswith(b"NTLMSSP\0")
        begins = token[8] == 1 if bare else token[0] == 0x60  # a message's type; what opens a negotiation (RFC 4178)
        if self._acceptor is None or begins:
            self.user = None
            options = spnego.NegotiateOptions.use_ntlm if bare else spnego.NegotiateOptions.use_negotiate
            self._acceptor = spnego.server(protocol="ntlm" if bare else "negotiate", options=options)
        try:
            answer = self._acceptor.step(token)
        except SpnegoError:
            self._acceptor = None
            return None
        if self._acceptor.complete:
            self.user = self._acceptor.client_principal
            return base64.b64encode(answer).decode() if answer else None
        return base64.b64encode(answer or b"").decode()
