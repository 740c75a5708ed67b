"""One search: what is seen, step by step, and what follows from it."""

import ssl
from typing import TYPE_CHECKING

import httpx

from app.services.mailbox_discovery.clouds import Tenant, asked_by, is_google, microsoft_cloud, tenant_of
from app.services.mailbox_discovery.findings import Evidence, Found, Proposal
from app.services.mailbox_discovery.naming import Asking, Names
from app.services.verified_tls import context_for

if TYPE_CHECKING:
    from app.services.mailbox_discovery import Places


class Looking:
    """Mail hosts and autodiscover say most; a domain that Microsoft's sign-in knows may have its mailboxes elsewhere.

    So the order is: what points into a cloud, an Exchange server that answers, a mail server that the domain names, and
    only then the sign-in alone.
    """

    def __init__(self, address: str, domain: str, places: "Places") -> None:
        self._address, self._domain, self._places = address, domain, places
        self._context = context_for(places.ca_file)
        self._seen: list[Evidence] = []
        self._answers = 0

    def found(self) -> Found:
        names = self._names()
        proposal = None if names.is_unknown else self._proposal(names)
        if proposal is None and not self._answers:
            self._see("no_network")
        return Found(self._address, proposal, tuple(self._seen))

    def _proposal(self, names: Names) -> Proposal | None:
        cloud = self._cloud(names)
        if cloud is not None:
            return self._microsoft(self._tenant(cloud), cloud, is_sure=True)
        if any(is_google(each) for each in names.mail):
            return Proposal("gmail", {"address": self._address}, "google", is_sure=True)
        exchange = self._exchange()
        if exchange is not None and exchange.is_sure:
            return exchange
        if names.imap is not None:
            return self._imap(names)
        if exchange is not None:
            return exchange
        tenant = self._tenant("global")
        return self._microsoft(tenant, tenant.cloud, is_sure=False) if tenant else None

    def _names(self) -> Names:
        names = Asking(self._places.name_server, self._places.name_port).names(self._domain)
        if names.is_silent:
            self._see("no_names", domain=self._domain)
            return names
        self._answers += 1
        if names.is_unknown:
            self._see("unknown_domain", domain=self._domain)
        elif names.mail:
            self._see("mail_hosts", domain=self._domain, hosts=", ".join(names.mail[:3]))
        else:
            self._see("no_mail_hosts", domain=self._domain)
        if names.autodiscover:
            self._see("autodiscover", host=names.autodiscover)
        return names

    def _cloud(self, names: Names) -> str | None:
        clouds = (microsoft_cloud(each) for each in (names.autodiscover, *names.mail))
        return next((each for each in clouds if each is not None), None)

    def _tenant(self, cloud: str) -> Tenant | None:
        try:
            tenant = tenant_of(self._domain, self._places.authorities[cloud], self._context)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            self._see("no_microsoft", reason=str(error) or type(error).__name__)
            return None
        self._answers += 1
        if tenant is None:
            self._see("no_tenant", domain=self._domain)
        else:
            self._see("tenant", domain=self._domain, tenant=tenant.id)
        return tenant

    def _microsoft(self, tenant: Tenant | None, cloud: str, *, is_sure: bool) -> Proposal:
        settings = {"address": self._address}
        if tenant is not None:
            settings["tenant"] = tenant.id
            cloud = tenant.cloud if tenant.cloud != "global" else cloud
        if cloud != "global":
            settings["cloud"] = cloud
        return Proposal("graph", settings, "microsoft" if is_sure else "microsoft_perhaps", is_sure=is_sure)

    def _exchange(self) -> Proposal | None:
        """A website behind a password may ask for it at any address, and so it does at Exchange's."""
        perhaps = False
        for url in self._places.exchange(self._domain):
            try:
                asks = asked_by(url, self._context)
            except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    self._see("bad_certificate", url=url, reason=str(error))
                continue
            self._answers += 1
            if asks == "windows":
                self._see("exchange", url=url)
                return Proposal("exchange", {"address": self._address}, "exchange", is_sure=True)
            if asks == "any":
                self._see("protected", url=url)
                perhaps = True
        return Proposal("exchange", {"address": self._address}, "exchange_perhaps", is_sure=False) if perhaps else None

    def _imap(self, names: Names) -> Proposal:
        assert names.imap is not None
        host, port = names.imap
        settings = {"address": self._address, "host": host}
        if port != 993:
            settings["port"] = str(port)
        if names.smtp is not None:
            settings |= {"smtp_host": names.smtp[0], "smtp_security": "tls"}
            if names.smtp[1] != 465:
                settings["smtp_port"] = str(names.smtp[1])
        self._see("imap", host=host, port=str(port))
        hosts = [each[0] for each in (names.imap, names.smtp) if each is not None]
        own = all(f".{each}".endswith(f".{self._domain}") for each in hosts)  # RFC 6186, 6: else a person has to agree
        return Proposal("imap", settings, "imap" if own else "imap_elsewhere", is_sure=own)

    def _see(self, code: str, **facts: str) -> None:
        self._seen.append(Evidence(code, facts))
