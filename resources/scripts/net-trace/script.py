"""Says over which routers a host is reached, by the system's own tool or, on Linux without one, by itself."""

import json
import shutil
import socket
import struct
import subprocess
import sys
import time

FIRST_PORT, PATIENCE, SILENT = 33434, 1.0, 8
IP_RECVERR, MSG_ERRQUEUE, FROM_NETWORK, UNREACHABLE = 11, 0x2000, 2, 3
"""https://man7.org/linux/man-pages/man7/ip.7.html: errors that routers send back, without being root."""


def tool(host, hops):
    """The system's own, with its words; none where there is none."""
    if sys.platform == "win32":
        return ["tracert", "-d", "-h", str(hops), "-w", "1000", host]
    for name, words in (("traceroute", ["-n", "-m", str(hops), "-w", "1"]), ("tracepath", ["-n", "-m", str(hops)])):
        if shutil.which(name):
            return [name, *words, host]
    return None


def address_of(host):
    return next(each[4][0] for each in socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM))


def probe(address, hop):
    """Who answers a packet that may go `hop` steps, and whether that is the end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        sending.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hop)
        sending.setblocking(False)
        begun = time.monotonic()
        try:
            sending.sendto(b"firstline", (address, FIRST_PORT + hop))
        except OSError as error:
            return f"cannot be sent: {error.strerror}", True
        while time.monotonic() - begun < PATIENCE:
            try:
                _, told, _, _ = sending.recvmsg(512, 512, MSG_ERRQUEUE)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            for _, kind, data in told:
                if kind == IP_RECVERR and len(data) >= 24:
                    _, origin, reason = struct.unpack_from("=IBB", data)
                    router = socket.inet_ntoa(data[20:24]) if origin == FROM_NETWORK else address
                    took = (time.monotonic() - begun) * 1000
                    return f"{router}  {took:.1f} ms", reason == UNREACHABLE or router == address
    return "*", False


def by_itself(host, hops):
    address, silent = address_of(host), 0
    print(f"Way to {host} ({address}), at most {hops} steps")
    for hop in range(1, hops + 1):
        said, over = probe(address, hop)
        print(f"{hop:3}  {said}")
        silent = silent + 1 if said == "*" else 0
        if over:
            return 0
        if silent >= SILENT:
            print(f"{SILENT} steps without an answer: what comes behind them does not answer such packets.")
            return 1
    return 1


def main():
    told = json.load(sys.stdin)
    host, hops = told["target"], told["values"]["hops"]
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror:
        print(f"There is no host named {host}.", file=sys.stderr)
        return 2
    words = tool(host, hops)
    if words is not None:
        return subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode
    if sys.platform != "linux":
        print("This system has no tool that traces a way.", file=sys.stderr)
        return 3
    try:
        return by_itself(host, hops)
    except socket.gaierror:
        print("Without traceroute only ways of IPv4 can be traced here, and this host has no such address.", file=sys.stderr)
        return 3


sys.exit(main())
