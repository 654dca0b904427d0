"""HTTP requests → answers that arrived whole, with time limits, bounded retries and credentials when asked for.

This is the one module that speaks HTTP. A password is sent only to a server that asks for it, a token at once;
redirects are never followed, so that neither can be led elsewhere.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Generator, Iterator
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from kg.errors import StoreError
from kg.stores.exchange import Answered, Credentials, Request, checked
from kg.version import __version__

Say = Callable[[str], None]

_PASSING = (429, 502, 503, 504)  # statuses that a later try may not meet
_LONGEST_WAIT = 30.0
_STOPPED = (503, 504)  # what servers say, too, when they stopped a query that took too long
_LONG = 5.0  # seconds of work after which such an answer means that
_CHUNK = 2**16
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def nothing(text: str) -> None:
    """Say nothing."""


class Web:
    """A pool of connections. `seconds` bounds connecting and each silence; an answer may take ten times that.

    Refused and broken connections, answers that end too early and the statuses 429, 502, 503 and 504 are tried
    again, `tries` times in all; what took too long, here or there, is not, since it would load a busy server once more.
    """

    def __init__(
        self,
        credentials: Credentials = Credentials(),  # noqa: B008 - frozen
        *,
        seconds: float = 60,
        tries: int = 4,
        say: Say = nothing,
        largest: int = 2**30,
    ) -> None:
        self._seconds = seconds
        self._tries = tries
        self._say = say
        self._largest = largest
        self._auth = _Auth(credentials, say)
        # a proxy of the environment is no way to this machine itself
        own = {f"all://{f'[{host}]' if ':' in host else host}": None for host in _LOOPBACK}
        headers = {"user-agent": f"trialkg/{__version__}", "accept-encoding": "gzip"}
        self._client = httpx.Client(
            verify=_trusted(), timeout=seconds, mounts=own, headers=headers, auth=self._auth
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(self, request: Request) -> Answered:
        """Return the answer, whatever its status; StoreError when none arrived whole."""
        checked(request.url)
        tries = self._tries if request.retry else 1
        for number in range(1, tries + 1):
            last, began = number == tries, time.monotonic()
            try:
                answered = self._once(request)
            except _PassingError as broken:
                if last:
                    raise StoreError(str(broken), where=request.url) from broken.__cause__
                wait, reason = _backoff(number), str(broken)
            else:
                stopped = answered.status in _STOPPED and time.monotonic() - began > _LONG
                if last or stopped or answered.status not in _PASSING:
                    return answered
                wait, reason = _wanted(answered, number), f"status {answered.status}"
            self._say(f"{request.url}: {reason}; trying again in {wait:g} s ({number + 1} of {tries})")
            time.sleep(wait)
        raise AssertionError("unreachable")  # pragma: no cover

    def _once(self, request: Request) -> Answered:
        content = request.content
        sent = self._client.build_request(
            request.method,
            request.target,
            headers=request.all_headers,
            content=_File(content) if isinstance(content, Path) else content,
        )
        try:
            response = self._client.send(sent, stream=True)
            try:
                return Answered(response.status_code, _lower(response), self._read(response), request.url)
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _PassingError(f"no connection: {_reason(error)}") from error
        except httpx.TimeoutException as error:
            text = f"no answer within {self._seconds:g} s"
            raise StoreError(text, where=request.url, hint="allow more with --timeout") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _PassingError(f"the answer did not arrive whole: {_reason(error)}") from error
        except httpx.InvalidURL as error:
            raise StoreError(f"this is no URL: {error}", raw=request.url) from error

    def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        end = time.monotonic() + 10 * self._seconds
        for chunk in response.iter_bytes(_CHUNK):
            body += chunk
            if len(body) > self._largest:
                raise StoreError(
                    f"the answer is larger than {self._largest:,} bytes", where=str(response.url)
                )
            if time.monotonic() > end:
                raise StoreError(
                    f"the answer was not whole after {10 * self._seconds:g} s", where=str(response.url)
                )
        return bytes(body)


class _PassingError(Exception):
    """A request failed in a way that a later try may not meet."""


class _File:
    """The bytes of a file, as often as they are wanted: a challenge is answered with the same body."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk


class _Auth(httpx.Auth):
    """A token is sent at once; user and password when a server asks, in the strongest way that it offers."""

    def __init__(self, own: Credentials, say: Say) -> None:
        self._own = own
        self._say = say
        self._digest = httpx.DigestAuth(own.user, own.password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request, and once more with credentials when they are asked for."""
        if self._own.token:
            self._warn(request)
            request.headers["authorization"] = f"Bearer {self._own.token}"
            yield request
        elif self._chosen is not None:
            yield from self._chosen.auth_flow(request)
        else:
            response = yield request
            if response.status_code == 401 and self._own.user:
                yield from self._answer(request, response)

    def _answer(
        self, request: httpx.Request, response: httpx.Response
    ) -> Generator[httpx.Request, httpx.Response, None]:
        offered = [text.lower() for text in response.headers.get_list("www-authenticate")]
        if any(text.startswith("digest") for text in offered):
            flow = self._digest.auth_flow(request)
            next(flow)  # the request without credentials, which was sent already
            response = yield flow.send(response)
            self._chosen = self._digest if response.status_code != 401 else None
        elif any("basic" in text for text in offered):
            self._warn(request)
            basic = httpx.BasicAuth(self._own.user, self._own.password)
            response = yield next(basic.auth_flow(request))
            self._chosen = basic if response.status_code != 401 else None

    def _warn(self, request: httpx.Request) -> None:
        if request.url.scheme == "http" and request.url.host not in _LOOPBACK:
            self._say(f"warning: credentials go to {request.url.host} without encryption: use https")


@cache
def _trusted() -> ssl.SSLContext:
    """Return what certificates are checked against: reading them takes longer than most requests."""
    return httpx.create_ssl_context()


def _lower(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _backoff(number: int) -> float:
    return min(0.25 * 2.0 ** (number - 1), _LONGEST_WAIT)


def _wanted(answered: Answered, number: int) -> float:
    """Return how long to wait: what Retry-After says, in seconds or as a date, up to the longest wait."""
    said = answered.headers.get("retry-after", "")
    if said.isdecimal():
        return min(float(said), _LONGEST_WAIT)
    try:
        seconds = parsedate_to_datetime(said).timestamp() - time.time()
    except ValueError:
        return _backoff(number)
    return min(max(seconds, 0.0), _LONGEST_WAIT)
