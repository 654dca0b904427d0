"""Answers → text: one module for each format, and the table of their names."""

from __future__ import annotations

from collections.abc import Callable

from kg.queries.formats.catalogue import catalogue_table
from kg.queries.formats.csv import write_csv
from kg.queries.formats.json import write_json
from kg.queries.formats.markdown import write_markdown
from kg.queries.formats.table import write_table
from kg.queries.formats.tsv import write_tsv
from kg.queries.formats.turtle import write_turtle
from kg.queries.formats.xml import write_xml
from kg.stores.base import Answer

__all__ = ["FORMATS", "catalogue_table"]

FORMATS: dict[str, Callable[[Answer], str]] = {
    "table": write_table,
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "xml": write_xml,
    "markdown": write_markdown,
    "turtle": write_turtle,
}
