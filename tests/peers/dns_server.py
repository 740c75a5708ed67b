"""A real name server on loopback, which knows what a test says."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

Records = Mapping[tuple[str, str], tuple[str, ...]]
"""The texts of the records, by name and type."""


@contextmanager
def dns_server(records: Records) -> Iterator[int]:
    """Its port, UDP on 127.0.0.1. Names of which nothing is told do not exist."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.1)
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                with suppress(TimeoutError):
                    data, sender = listening.recvfrom(4096)
                    listening.sendto(_answer(records, dns.message.from_wire(data)).to_wire(), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def _answer(records: Records, asked: dns.message.Message) -> dns.message.Message:
    reply = dns.message.make_response(asked)
    reply.flags |= dns.flags.AA | dns.flags.RA
    question = asked.question[0]
    name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
    found = records.get((name, kind))
    if found is not None:
        reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *found))
    elif not any(known == name for known, _ in records):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply
