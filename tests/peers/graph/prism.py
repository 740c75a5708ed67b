"""Prism, a validating mock server, as a witness of what is asked of Graph.

It checks method, path, body and sign-in of every request against Microsoft's own metadata of the mail API, converted
to OpenAPI. That has no child folders, batches, uploads and extended properties, nor MIME as a body; those are added
here, from https://learn.microsoft.com/graph/api (mailfolder-list-childfolders, mailfolder-post-childfolders,
attachment-createuploadsession, singlevaluelegacyextendedproperty-get, user-sendmail) and
https://learn.microsoft.com/graph/json-batching.
"""

import copy
import http.client
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.peers.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
SPEC = ROOT.parent / "shared" / "specs" / "graph-mail.odata-openapi.json"
_PROGRAM = ROOT / ".cache" / "npm" / "node_modules" / ".bin" / "prism"
_KEPT = ("authorization", "content-type", "prefer", "accept")


def program() -> str | None:
    """Where Prism is: where `PRISM` says, where .ci/run puts it, or on the path."""
    told = os.environ.get("PRISM")
    return told or (str(_PROGRAM) if _PROGRAM.exists() else shutil.which("prism"))


class Prism:
    """Runs while in a `with`. `complaints` are what it found wrong, `seen` how many requests it was shown."""

    def __init__(self, folder: Path) -> None:
        self.complaints: list[str] = []
        self.seen = 0
        self._spec = folder / "graph-mail.json"
        self._spec.write_text(json.dumps(_completed(json.loads(SPEC.read_text(encoding="utf-8")))), encoding="utf-8")
        self._port = free_port()
        self._output = (folder / "prism.log").open("w+b")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        found = program()
        assert found is not None
        command = [found, "mock", "-h", "127.0.0.1", "-p", str(self._port), str(self._spec)]
        self._process = subprocess.Popen(command, stdout=self._output, stderr=subprocess.STDOUT)
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def __call__(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        """Shows it a request; the path is without the version, which Prism does not know of."""
        status, told = self._ask(method, target.removeprefix("/v1.0"), headers, body)
        self.seen += 1
        if status >= 400:
            self.complaints.append(f"{method} {target}: {status} {told[:600]}")

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            kept = {name: value for name, value in headers.items() if name in _KEPT}
            connection.request(method, path, body=body or None, headers=kept)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def _wait(self) -> None:
        assert self._process is not None
        ends = time.monotonic() + 120
        while True:
            try:
                self._ask("GET", "/users", {"authorization": "Bearer x"}, b"")
                return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > ends:
                    self._output.seek(0)
                    raise AssertionError(f"Prism did not start: {self._output.read()[-2000:]!r}") from None
                time.sleep(0.1)


def _completed(spec: dict[str, Any]) -> dict[str, Any]:
    paths = spec["paths"]
    for path in ("/users/{id}/sendMail", "/users/{id}/messages"):
        body = paths[path]["post"]["requestBody"]
        mime = {"schema": {"type": "string", "format": "byte", "minLength": 1}}
        body["content"] = {**body["content"], "text/plain": mime}
        body["content"].pop("*/*", None)
    for asked in paths["/users/{id}/messages/{id_1}"]["get"]["parameters"]:
        if asked.get("name") == "$expand":
            asked["schema"]["items"]["enum"].append(_MESSAGE_SIZE)
    children = copy.deepcopy(paths["/users/{id}/mailFolders"])
    paths["/users/{id}/mailFolders/{id_1}/childFolders"] = children | {"parameters": [_key("id"), _key("id_1")]}
    session = {"parameters": [_key("id"), _key("id_1")], "post": _operation(_SESSION)}
    paths["/users/{id}/messages/{id_1}/attachments/createUploadSession"] = session
    paths["/$batch"] = {"post": _operation(_BATCH)}
    return spec


def _key(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _operation(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}, "responses": {"200": {"description": "Success"}}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_MESSAGE_SIZE = "singleValueExtendedProperties($filter=id eq 'Integer 0x0E08')"
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_SESSION = _object(
    ["AttachmentItem"],
    AttachmentItem=_object(
        ["attachmentType", "name", "size"],
        attachmentType={"type": "string", "enum": ["file", "item", "reference"]},
        name=_TEXT,
        size={"type": "integer", "minimum": 1},
        contentType=_TEXT,
        isInline={"type": "boolean"},
        contentId=_TEXT,
    ),
)
_BATCH = _object(
    ["requests"],
    requests={
        "type": "array",
        "minItems": 1,
        "maxItems": 20,
        "items": _object(
            ["id", "method", "url"],
            id=_TEXT,
            method={"type": "string", "enum": ["GET", "POST", "PATCH", "PUT", "DELETE"]},
            url={"type": "string", "pattern": "^/[^/]"},
            headers={"type": "object", "additionalProperties": {"type": "string"}},
            body={"type": "object"},
        ),
    },
)
