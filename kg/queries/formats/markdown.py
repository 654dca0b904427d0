"""Answer → a Markdown table, numbers to the right."""

from __future__ import annotations

import re

from kg.queries.formats.common import as_result, is_number, short
from kg.stores.base import Answer, Term


def write_markdown(answer: Answer) -> str:
    """Return the answer as a Markdown table."""
    result = as_result(answer)
    right = [
        any(cells) and all(is_number(term) for term in cells if term)
        for cells in zip(*result.rows, strict=True)
    ]
    marks = ["---:" if number else "---" for number in right or [False] * len(result.columns)]
    rows = [
        list(map(_escaped, result.columns)),
        marks,
        *([_cell(term) for term in row] for row in result.rows),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(term: Term | None) -> str:
    return _escaped(short(term))


def _escaped(text: str) -> str:
    marked = re.sub(r"([\\`*_|<>\[\]])", r"\\\1", text)
    return re.sub(r"\r\n|\r|\n", "<br>", marked)
