"""What is sent to a server and what it answers, as plain values; credentials are those of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from kg.errors import StoreError

Pairs = tuple[tuple[str, str], ...]

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Credentials:
    """What a server may ask for: user and password (Basic or Digest, as it asks), or a token (Bearer)."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def credentials(environ: Mapping[str, str]) -> Credentials:
    """Return the credentials of TRIALKG_USER, TRIALKG_PASSWORD and TRIALKG_TOKEN."""
    user, password, token = (environ.get(f"TRIALKG_{name}", "") for name in ("USER", "PASSWORD", "TOKEN"))
    if user and token:
        raise StoreError(
            "both a user and a token are given",
            where="environment",
            allowed="TRIALKG_USER and TRIALKG_PASSWORD, or TRIALKG_TOKEN",
        )
    if any(not mark.isprintable() for mark in token):
        raise StoreError("the token holds characters that no header can carry", where="TRIALKG_TOKEN")
    return Credentials(user, password, token)


@dataclass(frozen=True)
class Request:
    """What is sent: `params` are added to the URL, `form` is a form body, a Path is streamed from its file.

    With `retry` the request may be sent again: it has the same effect twice as once.
    """

    method: str
    url: str
    params: Pairs = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Path | None = None
    form: Pairs = ()
    retry: bool = True

    @property
    def target(self) -> str:
        """The URL with `params`."""
        mark = "&" if "?" in self.url else "?"
        return self.url + mark + urlencode(self.params) if self.params else self.url

    @property
    def content(self) -> bytes | Path | None:
        """The body, `form` included."""
        return urlencode(self.form).encode("ascii") if self.form else self.body

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers, by lower-case name, with media type and length of the body; without credentials."""
        found = {name.lower(): value for name, value in self.headers.items()}
        content = self.content
        if self.form:
            found.setdefault("content-type", _FORM)
        if content is not None:
            size = content.stat().st_size if isinstance(content, Path) else len(content)
            found["content-length"] = str(size)
        return found


@dataclass(frozen=True)
class Answered:
    """A whole answer; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def fine(self) -> bool:
        """Whether the server did what it was asked (2xx)."""
        return 200 <= self.status < 300

    @property
    def media(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


def refusal(answered: Answered, what: str) -> StoreError:
    """Return the error of an answer that is not fine, with status, the server's own words and a hint."""
    status = answered.status
    hint = ""
    if status in (401, 403):
        hint = "set TRIALKG_USER and TRIALKG_PASSWORD, or TRIALKG_TOKEN"
        hint += " (unless the server is read-only)" if status == 403 else ""
    elif 300 <= status < 400:
        hint = f"it moved to {answered.headers.get('location', 'another place')}: give that URL"
    return StoreError(f"{what} (status {status})", where=answered.url, raw=answered.text[:2000], hint=hint)


def checked(url: str) -> str:
    """Return `url` when it is one of http or https without credentials; else raise StoreError."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise StoreError("this is no URL", raw=url, allowed="http://HOST:PORT/PATH") from None
    if parts.username is not None or parts.password is not None:
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        raise StoreError(
            "a URL may not hold credentials, since it is shown and logged",
            where=bare,
            hint="set TRIALKG_USER and TRIALKG_PASSWORD in the environment",
        )
    if not usable or parts.fragment or any(mark <= " " or mark == "\x7f" for mark in url):
        raise StoreError("this is no URL of a server", raw=url, allowed="http://HOST:PORT/PATH, or https")
    return url
