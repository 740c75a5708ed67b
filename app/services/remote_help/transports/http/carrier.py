"""Sends one request to a service and shows its answer.

Whether it was sent is known: a request that was not is not carried out. One that was, and has no answer, may be.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import HttpProgram, Manifest
from app.models.rules.script_values import masked
from app.services.remote_help.transports.http.answering import tell, tell_plain
from app.services.remote_help.transports.http.asking import Asked, asked
from app.services.remote_help.transports.http.connecting import HttpOptions, client, unreached
from app.services.remote_help.transports.interface import (
    Asked as Fields,
    Job,
    Options,
    Output,
    Probe,
    Reach,
    Stop,
)

_MOST = 10_000_000
"""Bytes of an answer."""

_MOST_REDIRECTS = 5
_STATUS = {401: "http.unauthorized", 403: "http.forbidden", 404: "http.not_found"}
_DEFAULT = (0,)
"""The codes of success of a manifest that says none: here any 2xx."""


class HttpCarrier:
    """See `HttpProgram`."""

    options: type[Options] = HttpOptions
    asks: frozenset[Fields] = frozenset({"address", "user_name"})
    secrets: tuple[str, ...] = ("password", "token")

    def preview(self, job: Job) -> str:
        program, base = _program(job), httpx.URL(job.connection.address)
        shown = asked(program, base.path, masked(job.package.manifest, job.values), lambda _: "•••")
        where = f"{base.scheme}://{base.netloc.decode()}{shown.place}".replace("%E2%80%A2", "•")
        content = shown.content.decode().replace("%E2%80%A2", "•").replace("\\u2022", "•")
        return f"{program.method} {where}  {content}".rstrip() + ("  (dry run)" if job.dry_run else "")

    async def run(self, job: Job, output: Output, stop: Stop) -> Ended:
        base = httpx.URL(job.connection.address)
        wanted = asked(_program(job), base.path, job.values, job.secret)
        async with client(job.reach) as going:
            answering = _Exchange(going.http, base).answer(wanted)
            talking, stopping = asyncio.create_task(answering), asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({talking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not talking.done():
                    return Ended(stop.reason, RemoteState.UNKNOWN if going.sent else RemoteState.NEVER_STARTED)
                return _ended(job, await talking, output)
            except httpx.RequestError as error:
                if not going.sent:
                    raise unreached(error, base) from error
                problem = KnownError("http.cut", host=base.host, reason=str(error))
                return Ended(Outcome.LOST, RemoteState.UNKNOWN, problem=problem)
            finally:
                for task in (talking, stopping):
                    task.cancel()
                await asyncio.gather(talking, stopping, return_exceptions=True)

    async def probe(self, reach: Reach) -> Sequence[Probe]:
        """Asks for the address itself: that it is there, is who it should be, and does not refuse the secret."""
        base = httpx.URL(reach.connection.address)
        async with client(reach) as going:
            try:
                async with going.http.stream("GET", base) as response:
                    status = response.status_code
            except httpx.RequestError as error:
                raise unreached(error, base) from error
        if status in (401, 403):
            raise KnownError(_STATUS[status], host=base.host, status=status)
        return [Probe("http.proven", {"host": base.host}), Probe("http.answers", {"status": status})]


@dataclass(frozen=True)
class _Answer:
    """`wrong` says why its content is not all there."""

    status: int
    phrase: str
    content: bytes
    wrong: KnownError | None = None


@dataclass(frozen=True)
class _Exchange:
    client: httpx.AsyncClient
    base: httpx.URL

    async def answer(self, wanted: Asked) -> _Answer:
        """Follows where a service sends a reader to, as long as that is the service itself."""
        url = self.base.copy_with(raw_path=wanted.place.encode("ascii"))
        for _ in range(_MOST_REDIRECTS):
            request = self.client.build_request(wanted.method, url, headers=wanted.headers, content=wanted.content)
            async with _streamed(self.client, request) as response:
                elsewhere = response.next_request.url if response.next_request is not None else None
                if elsewhere is None:
                    return await _read(response)
                if wanted.method != "GET" or not _is_same(elsewhere, self.base):
                    place = str(elsewhere.copy_with(query=None))
                    problem = KnownError("http.redirected", host=self.base.host, place=place)
                    return _Answer(response.status_code, response.reason_phrase, b"", problem)
                url = elsewhere
        problem = KnownError("http.in_circles", host=self.base.host)
        return _Answer(response.status_code, response.reason_phrase, b"", problem)


@asynccontextmanager
async def _streamed(going: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await going.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


async def _read(response: httpx.Response, wrong: KnownError | None = None) -> _Answer:
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > _MOST:
            wrong = KnownError("http.too_big", host=response.url.host, most=_MOST)
            break
    return _Answer(response.status_code, response.reason_phrase, bytes(content), wrong)


def _is_same(url: httpx.URL, base: httpx.URL) -> bool:
    return (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)


def _ended(job: Job, answer: _Answer, output: Output) -> Ended:
    """What the service did is done: it has answered."""
    manifest, program = job.package.manifest, _program(job)
    output.progress(1.0, f"HTTP {answer.status} {answer.phrase}".rstrip())
    if answer.wrong is not None:
        return Ended(Outcome.FAILED, RemoteState.FINISHED, answer.status, answer.wrong)
    if _is_success(manifest, answer.status):
        wrong = tell(manifest.output, program, answer.content, output)
        return Ended(Outcome.FAILED if wrong else Outcome.SUCCEEDED, RemoteState.FINISHED, answer.status, wrong)
    tell_plain(answer.content, output)
    code = _STATUS.get(answer.status, "http.status")
    problem = KnownError(code, host=httpx.URL(job.connection.address).host, status=answer.status)
    return Ended(Outcome.FAILED, RemoteState.FINISHED, answer.status, problem)


def _is_success(manifest: Manifest, status: int) -> bool:
    if manifest.success_codes == _DEFAULT:
        return 200 <= status < 300
    return status in manifest.success_codes


def _program(job: Job) -> HttpProgram:
    program = job.package.manifest.program
    assert isinstance(program, HttpProgram)
    return program
