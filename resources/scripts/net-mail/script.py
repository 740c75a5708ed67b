"""Looks at how mail comes to a domain: its mail servers, their TLS, and what it says of who may send. Says a table."""

import base64
import json
import smtplib
import ssl
import sys

import dns.exception
import dns.name
import dns.resolver

PATIENCE, MOST_SERVERS = 10.0, 3


class Looked:
    """Rows as they are found, and what is wrong."""

    def __init__(self, values):
        self.rows, self.wrong, self.values = [], [], values
        self.resolver = dns.resolver.Resolver(configure=not values["server"])
        if values["server"]:
            address, _, port = values["server"].partition("#")
            self.resolver.nameservers, self.resolver.port = [address], int(port or 53)
        self.resolver.timeout = self.resolver.lifetime = PATIENCE / 2

    def tell(self, what, found, problem=""):
        self.rows.append([what, found or problem])
        if problem:
            self.wrong.append(f"{what}: {problem}")

    def asked(self, name, kind):
        """The answers; none where there is no such record. `DNSException` where nobody can be asked."""
        try:
            return list(self.resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []

    def texts(self, name, begin):
        found = (b"".join(each.strings).decode("utf-8", "replace") for each in self.asked(name, "TXT"))
        return [each for each in found if each.lower().startswith(begin)]


def servers_of(looked, domain):
    """The mail servers in their order; a domain without any takes mail itself (RFC 5321, 5.1)."""
    found = sorted(looked.asked(domain, "MX"), key=lambda each: each.preference)
    if len(found) == 1 and found[0].exchange == dns.name.root:
        looked.tell("MX", "", "the domain takes no mail (null MX)")
        return []
    names = [each.exchange.to_text(omit_final_dot=True) for each in found]
    if names:
        looked.tell("MX", ", ".join(f"{each.preference} {name}" for each, name in zip(found, names)))
    elif looked.asked(domain, "A") or looked.asked(domain, "AAAA"):
        names = [domain]
        looked.tell("MX", "none: the domain's own address counts")
    else:
        looked.tell("MX", "", "none, and the domain has no address: no mail can come")
    return names[:MOST_SERVERS]


def greet(looked, name, context):
    """Its banner, and whether it takes mail encrypted."""
    addresses = [each.address for each in looked.asked(name, "A")] or [each.address for each in looked.asked(name, "AAAA")]
    if not addresses:
        looked.tell(name, "", "this mail server has no address")
        return
    server = smtplib.SMTP(timeout=PATIENCE)
    server._host = name  # what the certificate must be for
    try:
        code, banner = server.connect(addresses[0], looked.values["port"])
        server._host = name  # it is reached by its address, and its certificate must be for its name
        said = banner.decode("utf-8", "replace")
        looked.tell(f"{name} ({addresses[0]})", f"{code} {said}", "" if code == 220 else f"does not greet: {code} {said}")
        server.ehlo()
        if not server.has_extn("starttls"):
            looked.tell(f"{name} STARTTLS", "", "not offered: mail comes unencrypted")
            return
        server.starttls(context=context)
        looked.tell(f"{name} STARTTLS", f"{server.sock.version()}, its certificate is believed")
    except ssl.SSLCertVerificationError as error:
        looked.tell(f"{name} STARTTLS", f"offered; its certificate is not believed: {error.verify_message}")
    except (smtplib.SMTPException, OSError) as error:
        looked.tell(f"{name} ({addresses[0]})", "", f"no SMTP at port {looked.values['port']}: {error}")
    finally:
        server.close()


def policies(looked, domain):
    """SPF (RFC 7208), DMARC (RFC 7489), DKIM (RFC 6376)."""
    spf = looked.texts(domain, "v=spf1")
    looked.tell("SPF", " | ".join(spf), "" if len(spf) == 1 else "none" if not spf else "more than one, so none counts")
    dmarc = looked.texts(f"_dmarc.{domain}", "v=dmarc1")
    looked.tell("DMARC", " | ".join(dmarc), "" if len(dmarc) == 1 else "none" if not dmarc else "more than one, so none counts")
    selector = looked.values["selector"]
    if selector:
        name = f"{selector}._domainkey.{domain}"
        keys = [each for each in looked.texts(name, "") if "p=" in each]
        revoked = any(not each.partition("p=")[2].partition(";")[0].strip() for each in keys)
        problem = f"no key at {name}" if not keys else "revoked" if revoked else ""
        looked.tell("DKIM", keys[0][:200] if keys else "", problem)


def main():
    told = json.load(sys.stdin)
    domain, values = told["target"], told["values"]
    authority = base64.b64decode(values["authority"]["content"]).decode("ascii", "replace") if values["authority"] else None
    looked = Looked(values)
    try:
        context = ssl.create_default_context(cadata=authority)
        for name in servers_of(looked, domain):
            greet(looked, name, context)
        policies(looked, domain)
    except ssl.SSLError:
        print("The file of the authority holds no certificate in PEM.", file=sys.stderr)
        return 2
    except dns.exception.DNSException as error:
        print(f"The name server cannot be asked: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"columns": ["what", "found"], "rows": looked.rows}))
    print("\n".join(looked.wrong), file=sys.stderr) if looked.wrong else None
    return 1 if looked.wrong else 0


sys.exit(main())
