"""Asks name servers for the records of a name, or for the name of an address. Says a table."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import dns.exception
import dns.resolver
import dns.reversename

PATIENCE = 5.0


def asked(server, name, kind):
    """The rows of one question to one server, and whether it had an answer."""
    resolver = dns.resolver.Resolver(configure=not server)
    if server:
        address, _, port = server.partition("#")
        resolver.nameservers, resolver.port = [address], int(port or 53)
    resolver.timeout = resolver.lifetime = PATIENCE
    begun = time.monotonic()
    try:
        found = resolver.resolve(name, kind, search=False)
    except dns.resolver.NXDOMAIN:
        said, good = "there is no such name", False
    except dns.resolver.NoAnswer:
        said, good = "the name has no record of this type", False
    except dns.resolver.NoNameservers:
        said, good = "the server refuses or fails", False
    except dns.exception.Timeout:
        said, good = f"no answer within {PATIENCE:.0f} s", False
    except (dns.exception.DNSException, OSError, ValueError) as error:
        said, good = f"cannot be asked: {error}", False
    else:
        took = f"{(time.monotonic() - begun) * 1000:.0f}"
        answered = server or found.nameserver
        return [[answered, kind, each.to_text(), str(found.rrset.ttl), took] for each in found], True
    return [[server or "of this desk", kind, said, "", f"{(time.monotonic() - begun) * 1000:.0f}"]], good


def main():
    told = json.load(sys.stdin)
    name, values = told["target"], told["values"]
    kinds = values["types"].upper().split()
    try:
        name, kinds = dns.reversename.from_address(str(ip_address(name))), ["PTR"]
    except ValueError:
        pass
    servers = (values["servers"] or "").split() or [""]
    questions = [(server, name, kind) for server in servers for kind in kinds]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda each: asked(*each), questions))
    rows = [row for part, _ in found for row in part]
    print(json.dumps({"columns": ["server", "type", "answer", "ttl", "milliseconds"], "rows": rows}))
    if not any(good for _, good in found):
        print("No server had an answer.", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
