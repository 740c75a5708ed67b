"""Tries whether TCP ports of a host let themselves be connected to. Says a table."""

import json
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 5.0


def tried(host, port):
    """One row, and whether the port is open."""
    begun = time.monotonic()
    try:
        with socket.create_connection((host, port), PATIENCE) as connection:
            said, good = f"open ({connection.getpeername()[0]})", True
    except socket.gaierror:
        said, good = "there is no host of this name", False
    except ConnectionRefusedError:
        said, good = "closed: the host refuses", False
    except TimeoutError:
        said, good = f"no answer within {PATIENCE:.0f} s: filtered, or the host is off", False
    except OSError as error:
        said, good = f"cannot be reached: {error.strerror or error}", False
    return [str(port), said, f"{(time.monotonic() - begun) * 1000:.0f}"], good


def main():
    told = json.load(sys.stdin)
    ports = [int(each) for each in told["values"]["ports"].split()]
    wrong = [each for each in ports if not 0 < each < 65536]
    if wrong or len(ports) > 50:
        print("Ports are numbers from 1 to 65535, at most 50 of them.", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda port: tried(told["target"], port), ports))
    print(json.dumps({"columns": ["port", "state", "milliseconds"], "rows": [row for row, _ in found]}))
    return 0 if all(good for _, good in found) else 1


sys.exit(main())
