"""Finding the server of a mail address (MS-OXWSADISC, SOAP), over verified TLS only.

exchangelib's own search also follows answers that come over plain HTTP and unsigned DNS (SRV), which lets whoever
controls the network name the server that is given the password; it also keeps a cache in a temporary file. Here only
the two addresses under the mail address's own domain are asked, and a redirect counts when it came over TLS.
"""

import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from exchangelib.errors import EWSError, RedirectError

from app.models.errors import ChannelError
from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.errors import Place, channel_error
from app.services.channels.exchange.protocol import DiscoveryProtocol, configuration

MOST_REDIRECTS = 5
PATH = "/autodiscover/autodiscover.svc"
TELLING = ("exchange.sign_in_refused", "exchange.certificate_unknown", "exchange.certificate_expired")
"""What a person can mend. Anything else may come from a website that knows nothing of mail."""
SETTINGS = ("internal_ews_url", "external_ews_url")


def candidates(domain: str) -> tuple[str, ...]:
    """Where a domain's autodiscover service is."""
    return (f"https://autodiscover.{domain}{PATH}", f"https://{domain}{PATH}")


def discover(config: ExchangeConfig, password: str, context: ssl.SSLContext, place: Place) -> str:
    """The EWS address for the mailbox; `ChannelError` `exchange.not_discovered` where none is found."""
    telling: ChannelError | None = None
    for url in candidates(config.address.rpartition("@")[2]):
        try:
            for answer in _asked(url, config, password, context):
                return answer
        except (EWSError, requests.RequestException, OSError) as error:
            found = channel_error(error, place)
            telling = telling or (found if found.code in TELLING else None)
    if telling is not None:
        raise telling
    raise place.error("exchange.not_discovered", passing=True)


def _asked(url: str, config: ExchangeConfig, password: str, context: ssl.SSLContext) -> Iterator[str]:
    """What the service at `url` says, after at most five redirects."""
    for _ in range(MOST_REDIRECTS):
        protocol = DiscoveryProtocol(configuration(config, password, url), context, min(config.timeout, 10.0))
        try:
            told = protocol.get_user_settings(user=config.address, settings=list(SETTINGS))
        except RedirectError as error:
            target = error.url
        else:
            target = told.redirect_url
            settings = told.user_settings or {}
            found = settings.get("external_ews_url") or settings.get("internal_ews_url")
            if found and urlsplit(found).scheme == "https":
                yield found
                return
        finally:
            protocol.close()
        if not target or urlsplit(target).scheme != "https":
            return
        url = target
