"""What the domain name system says of a domain's mail. Answers are hints alone: nobody is given a password for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.name
import dns.resolver

_LIFETIME = 4.0  # seconds for one question


@dataclass(frozen=True, slots=True)
class Names:
    """`mail` are the hosts that take the domain's mail, the preferred first. `autodiscover` is where the name that
    Outlook asks points to. `imap` and `smtp` are host and port (RFC 6186). `is_unknown`: there is no such domain;
    `is_silent`: no answer was to be had."""

    mail: Sequence[str] = ()
    autodiscover: str = ""
    imap: tuple[str, int] | None = None
    smtp: tuple[str, int] | None = None
    is_unknown: bool = False
    is_silent: bool = False


@dataclass(slots=True)
class Asking:
    """Asks the name servers of this machine, or `server` at `port`."""

    server: str = ""
    port: int = 53
    _resolver: dns.resolver.Resolver = field(init=False)

    def names(self, domain: str) -> Names:
        try:
            self._resolver = self._made()
            mail = sorted(self._records(domain, "MX"), key=lambda each: each.preference)
            mail = [each for each in mail if each.exchange != dns.name.root]  # it says that none takes mail (RFC 7505)
        except dns.resolver.NXDOMAIN:
            return Names(is_unknown=True)
        except dns.exception.DNSException:
            return Names(is_silent=True)
        return Names(
            tuple(_text(each.exchange) for each in mail),
            self._alias(f"autodiscover.{domain}") or (self._service("_autodiscover._tcp", domain) or ("",))[0],
            self._service("_imaps._tcp", domain),
            self._service("_submissions._tcp", domain),
        )

    def _made(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self.server)
        if self.server:
            resolver.nameservers, resolver.port = [self.server], self.port
        resolver.lifetime = _LIFETIME
        return resolver

    def _records(self, name: str, kind: str) -> list[Any]:
        return list(self._resolver.resolve(name, kind, raise_on_no_answer=False).rrset or ())

    def _alias(self, name: str) -> str:
        try:
            return "".join(_text(each.target) for each in self._records(name, "CNAME"))
        except dns.exception.DNSException:
            return ""

    def _service(self, service: str, domain: str) -> tuple[str, int] | None:
        """The host and port of a service (RFC 2782); a lone dot says that there is none."""
        try:
            found = sorted(self._records(f"{service}.{domain}", "SRV"), key=lambda each: each.priority)
        except dns.exception.DNSException:
            return None
        hosts = [(_text(each.target), int(each.port)) for each in found if each.target != dns.name.root]
        return hosts[0] if hosts else None


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
