"""Report → text in one of several formats; a new format is a new file and a line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from kg.validate.formats.as_html import as_html
from kg.validate.formats.as_json import as_json
from kg.validate.formats.as_sarif import as_sarif
from kg.validate.formats.as_text import as_text
from kg.validate.formats.as_turtle import as_turtle
from kg.validate.model import Report


class Format(Protocol):
    """Writes a report as text that ends in a newline; `verbose` shows people what machines always get."""

    def __call__(self, report: Report, verbose: bool = False) -> str:
        """Return the report as text."""


def _complete(write: Callable[[Report], str]) -> Format:
    """Return a format for machines, which has nothing to leave out when it is not `verbose`."""

    def written(report: Report, verbose: bool = False) -> str:  # noqa: ARG001
        return write(report)

    return written


# name of the format → function(report, verbose) → text
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": as_text,
        "json": _complete(as_json),
        "html": as_html,
        "turtle": _complete(as_turtle),
        "sarif": _complete(as_sarif),
    }
)
