"""Looks at the certificate of a service: who vouches for it, for which names, how long. Says a table."""

import base64
import json
import socket
import ssl
import sys
from datetime import datetime, timezone

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

PATIENCE = 10.0


def connected(host, port, context):
    """A TLS connection; `OSError` where there is none."""
    plain = socket.create_connection((host, port), PATIENCE)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def chain_of(connection):
    """The certificates that the service sends, its own first."""
    told = getattr(connection, "_sslobj", None)
    if hasattr(connection, "get_unverified_chain"):
        return [x509.load_der_x509_certificate(each) for each in connection.get_unverified_chain()]
    if told is not None and hasattr(told, "get_unverified_chain"):
        return [x509.load_pem_x509_certificate(each.public_bytes().encode()) for each in told.get_unverified_chain()]
    return [x509.load_der_x509_certificate(connection.getpeercert(binary_form=True))]


def names_of(certificate):
    try:
        found = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return "none"
    return ", ".join(str(each.value) for each in found)


def verdict(host, port, authority):
    """Why the service is not believed; empty where it is."""
    context = ssl.create_default_context(cadata=authority)
    try:
        connected(host, port, context).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return ""


def look(host, port, authority, days):
    """The rows, and what is wrong."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with connected(host, port, context) as connection:
        chain, protocol, cipher = chain_of(connection), connection.version(), connection.cipher()[0]
    problem = verdict(host, port, authority)
    left = (chain[0].not_valid_after_utc - datetime.now(timezone.utc)).days
    rows = [
        ["Believed", "yes" if not problem else f"no: {problem}"],
        ["Valid until", f"{chain[0].not_valid_after_utc:%Y-%m-%d %H:%M} UTC ({left} days)"],
        ["Names", names_of(chain[0])],
        ["Protocol", f"{protocol}, {cipher}"],
    ]
    for place, each in enumerate(chain, 1):
        rows.append([f"Certificate {place}", f"{each.subject.rfc4514_string()}, by {each.issuer.rfc4514_string()}"])
    wrong = [f"It is not believed: {problem}."] if problem else []
    wrong += [f"It runs out in {left} days."] if 0 <= left < days else []
    return rows, wrong


def main():
    told = json.load(sys.stdin)
    host, values, authority = told["target"], told["values"], None
    try:
        if values["authority"]:
            authority = base64.b64decode(values["authority"]["content"]).decode("ascii")
            ssl.create_default_context(cadata=authority)
    except (ssl.SSLError, UnicodeDecodeError):
        print("The file of the authority holds no certificate in PEM.", file=sys.stderr)
        return 2
    try:
        rows, wrong = look(host, values["port"], authority, values["days"])
    except socket.gaierror:
        print(f"There is no host named {host}.", file=sys.stderr)
    except ConnectionRefusedError:
        print(f"{host} refuses connections at port {values['port']}.", file=sys.stderr)
    except TimeoutError:
        print(f"{host} says nothing at port {values['port']} within {PATIENCE:.0f} s.", file=sys.stderr)
    except ssl.SSLError as error:
        print(f"{host} does not speak TLS at port {values['port']}: {error.reason or error}.", file=sys.stderr)
    except OSError as error:
        print(f"{host} cannot be reached: {error.strerror or error}.", file=sys.stderr)
    else:
        print(json.dumps({"columns": ["what", "found"], "rows": rows}))
        print("\n".join(wrong), file=sys.stderr) if wrong else None
        return 1 if wrong else 0
    return 2


sys.exit(main())
