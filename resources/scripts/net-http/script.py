"""Asks a web service for a page: which status, how long it takes, where it leads. Says a table."""

import base64
import json
import ssl
import sys
import time

import httpx

PATIENCE, MOST_BYTES, MOST_STEPS = 20.0, 5_000_000, 10


def step(client, url):
    """One request: its row, its status and where it leads; `httpx.RequestError`."""
    begun, size = time.monotonic(), 0
    with client.stream("GET", url) as response:
        for piece in response.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                break
        leads = response.next_request.url if response.next_request is not None else None
    took = f"{(time.monotonic() - begun) * 1000:.0f}"
    told = f"{size}" if size <= MOST_BYTES else f"more than {MOST_BYTES}"
    status = f"{response.status_code} {response.reason_phrase}".strip()
    return [str(url), status, took, told, "" if leads is None else str(leads)], response.status_code, leads


def reason_of(error):
    """Why there is no answer, in words."""
    cause = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not believed: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {PATIENCE:.0f} s"
    return str(error) or type(error).__name__


def main():
    told = json.load(sys.stdin)
    values = told["values"]
    host = f"[{told['target']}]" if ":" in told["target"] else told["target"]
    port = f":{values['port']}" if values["port"] else ""
    authority = base64.b64decode(values["authority"]["content"]).decode("ascii", "replace") if values["authority"] else None
    try:
        context = ssl.create_default_context(cadata=authority)
    except ssl.SSLError:
        print("The file of the authority holds no certificate in PEM.", file=sys.stderr)
        return 2
    url, rows, problem, status = httpx.URL(f"{values['scheme']}://{host}{port}{values['path']}"), [], "", 0
    with httpx.Client(verify=context, timeout=PATIENCE, trust_env=False) as client:
        for _ in range(MOST_STEPS):
            try:
                row, status, leads = step(client, url)
            except httpx.RequestError as error:
                problem = f"{url.host}: {reason_of(error)}."
                rows.append([str(url), "none", "", "", ""])
                break
            rows.append(row)
            if leads is None or leads.host != url.host:
                break
            url = leads
        else:
            problem = f"It leads on and on: more than {MOST_STEPS} times."
    print(json.dumps({"columns": ["address", "status", "milliseconds", "bytes", "leads_to"], "rows": rows}))
    if problem:
        print(problem, file=sys.stderr)
    return 0 if not problem and status < 400 else 1


sys.exit(main())
