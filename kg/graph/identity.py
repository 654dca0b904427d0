"""Parsed tables → what makes each of them itself, whatever file and layout it came in.

A table of a known article with a label is that table of that article. Any other table is what its cells say. Two
copies of one table, pasted and saved, differ in white space, letter case, dashes and raised digits; none of that counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from kg.graph.iris import article
from kg.model import Parsed, Quarantined, Record, Table
from kg.vocabulary.text import alike, squeeze

Identity = tuple[str, ...]


def content(parsed: Parsed) -> str:
    """Return the SHA-256 of all that the cells of a table say, in the order of its rows."""
    whole = sha256()
    rows: list[Record | Quarantined] = [*parsed.records, *parsed.quarantined]
    for row in sorted(rows, key=lambda row: row.row):
        said = (
            [row.text] if isinstance(row, Quarantined) else [t for c in row.cells for t in (c.header, c.text)]
        )
        whole.update(json.dumps([row.row, *map(alike, said)]).encode("ascii"))
    return whole.hexdigest()


def identities(tables: Sequence[Parsed]) -> list[tuple[Identity, str]]:
    """Return identity and content of each table, in their order.

    The identity is DOI and label where both are known, else the content. Where different contents claim to be one
    table of one article, each of them has its content in its identity, so that they stay apart in any order.
    """
    contents = [content(parsed) for parsed in tables]
    claims: dict[Identity, set[str]] = {}
    for parsed, own in zip(tables, contents, strict=True):
        claims.setdefault(claim(parsed.table), set()).add(own)
    return [
        (_identity(claim(parsed.table), own, claims), own)
        for parsed, own in zip(tables, contents, strict=True)
    ]


def _identity(place: Identity, own: str, claims: Mapping[Identity, set[str]]) -> Identity:
    if not place:
        return (own,)
    return place if len(claims[place]) == 1 else (*place, own)


def claim(table: Table) -> Identity:
    """Return the DOI and the label by which a table claims to be one table of one article; nothing if it does not."""
    label, doi = squeeze(table.label).casefold().rstrip(" .:"), article(table)
    return (doi, label) if doi and label else ()
