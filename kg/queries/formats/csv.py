"""Answer → CSV as RFC 4180 and the SPARQL 1.1 results format have it: plain values, lines end in CRLF.

A value keeps every character that the source has: one that begins with "=" or "+" is text and stays so.
"""

from __future__ import annotations

import csv
import io

from kg.queries.formats.common import as_result, plain
from kg.stores.base import Answer


def write_csv(answer: Answer) -> str:
    """Return the answer as CSV with a header line."""
    result = as_result(answer)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(result.columns)
    writer.writerows([plain(term) for term in row] for row in result.rows)
    return out.getvalue()
