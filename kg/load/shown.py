"""A request → what is printed of it instead of sending it: the same text every time, without secrets."""

from __future__ import annotations

from pathlib import Path

from kg.errors import shorten
from kg.stores.exchange import Request


def show_request(request: Request) -> str:
    """Return method, URL, headers with media type and length, and the first line of the body."""
    lines = [f"{request.method} {request.target}"]
    lines += [f"  {name}: {value}" for name, value in sorted(request.all_headers.items())]
    if first := _first_line(request):
        lines.append(f"  {shorten(first, 160)}")
    return "\n".join(lines)


def _first_line(request: Request) -> str:
    if request.form:
        name, value = request.form[0]
        return f"{name}={value.partition(chr(10))[0]}"
    if isinstance(request.body, Path):
        with request.body.open(encoding="utf-8") as stream:
            return stream.readline(4096).rstrip("\n")
    return (request.body or b"").decode("utf-8", "replace").partition("\n")[0]
