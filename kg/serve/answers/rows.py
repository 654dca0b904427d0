"""A SELECT's answer as the engine wrote it → the number of its rows, exactly, without reading it as a table.

Each syntax has a mark that stands once for each row. Where a literal may hold the mark too, strings are cut
out first; that is dear, so it is done only when the count of all marks goes beyond what is allowed.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

_JSON_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_CSV_STRING = re.compile(rb'"[^"]*"')


def rows_of(body: bytes, form: ox.QueryResultsFormat, limit: int) -> int:
    """Return the number of rows; a number up to `limit` may be an upper bound when literals hold row marks."""
    if form == ox.QueryResultsFormat.JSON:
        return _json_rows(body, limit)
    if form == ox.QueryResultsFormat.XML:
        return body.count(b"<result>")  # "<" of a literal is written &lt;
    if form == ox.QueryResultsFormat.TSV:
        return body.count(b"\n") - 1  # the line end of a literal is written \n
    return _csv_rows(body, limit)


def _csv_rows(body: bytes, limit: int) -> int:
    rows = body.count(b"\r\n") - 1
    # a quote within quotes is written twice: cut out as two strings side by side, nothing of it is left
    return rows if rows <= limit else _CSV_STRING.sub(b"", body).count(b"\r\n") - 1


def _json_rows(body: bytes, limit: int) -> int:
    rows = body.count(b"},{")
    if rows >= limit:
        rows = _JSON_STRING.sub(b"", body).count(b"},{")
    return rows + (not body.endswith(b'"bindings":[]}}'))
