"""Report → text in one of several formats; a new format is a new file and a line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kg.validate.formats.as_html import as_html
from kg.validate.formats.as_json import as_json
from kg.validate.formats.as_sarif import as_sarif
from kg.validate.formats.as_text import as_text
from kg.validate.formats.as_turtle import as_turtle
from kg.validate.report import Report

# name of the format → function(report) -> text that ends in a newline
FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "html": as_html, "turtle": as_turtle, "sarif": as_sarif}
)
