"""Answers about likeness → text: one module for each format, and the table of their names."""

from __future__ import annotations

from collections.abc import Callable

from kg.similar.answers.answers import Answer
from kg.similar.answers.formats.csv import write_csv
from kg.similar.answers.formats.json import write_json
from kg.similar.answers.formats.table import write_table

FORMATS: dict[str, Callable[[Answer], str]] = {"table": write_table, "csv": write_csv, "json": write_json}
