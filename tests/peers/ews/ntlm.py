"""Signing in by NTLM over HTTP (MS-NTHT), with pyspnego as the acceptor."""

import base64

import spnego
from spnego.exceptions import SpnegoError


class Handshake:
    """The steps of one connection: a challenge to the first message, a user after the third."""

    def __init__(self) -> None:
        self.user: str | None = None
        self._acceptor: spnego.ContextProxy | None = None

    def step(self, authorization: str | None) -> str | None:
        """The challenge to send back, in base64, None where there is none."""
        kind, _, told = (authorization or "").partition(" ")
        if kind.upper() != "NTLM":
            return None
        token = base64.b64decode(told)
        if self._acceptor is None or token[8] == 1:  # the type of an NTLM message stands behind its signature
            self.user = None
            self._acceptor = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        try:
            answer = self._acceptor.step(token)
        except SpnegoError:
            self._acceptor = None
            return None
        if self._acceptor.complete:
            self.user = self._acceptor.client_principal
            return None
        return base64.b64encode(answer or b"").decode()
