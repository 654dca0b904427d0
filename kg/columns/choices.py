"""What a user says of columns → the keys of single columns of one table."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import SourceError
from kg.model import Choice, Table
from kg.vocabulary.text import alike


def chosen(table: Table, choices: Sequence[Choice]) -> dict[int, tuple[str, ...]]:
    """Return position → keys for the columns of `table` that the user says something of, () for "keep as text".

    A column is named by its number from 1 or by its header; the first choice for a column wins. A choice for another
    table is passed over. Raises SourceError for a number or a header that the table does not have, and where one key
    is given to two columns.
    """
    found: dict[int, tuple[str, ...]] = {}
    for choice in choices:
        if not choice.table or alike(choice.table) == alike(table.label):
            at = _position(table, choice)
            if at is not None:
                found.setdefault(at, choice.keys)
    _check_once(table, found)
    return found


def _position(table: Table, choice: Choice) -> int | None:
    wanted = choice.column
    headers = [alike(header) for header in table.header]
    if alike(wanted) in headers:
        return headers.index(alike(wanted))
    if wanted.isdecimal() and 0 < int(wanted) <= len(headers):
        return int(wanted) - 1
    if wanted.isdecimal() and not choice.table:
        return None  # another table of the source may have more columns
    if not choice.table:
        return None
    raise missing(choice, [table])


def missing(choice: Choice, tables: Sequence[Table]) -> SourceError:
    """Return the error for a choice that names a column which none of `tables` has."""
    columns = [f"{n} {header!r}" for table in tables for n, header in enumerate(table.header, 1)]
    where = choice.origin or "--column"
    return SourceError(
        f"there is no column {choice.column!r}" + (f" in {choice.table}" if choice.table else ""),
        where=where,
        raw=choice.column,
        allowed=", ".join(columns),
        hint="name a column by its number from 1 or by its header",
    )


def _check_once(table: Table, found: dict[int, tuple[str, ...]]) -> None:
    given = [key for keys in found.values() for key in keys]
    twice = next((key for key in given if given.count(key) > 1), "")
    if twice:
        columns = [table.header[at] for at, keys in sorted(found.items()) if twice in keys]
        raise SourceError(
            f"{twice} is given to {len(columns)} columns of one table",
            where=table.label or table.source,
            raw=" and ".join(map(repr, columns)),
            allowed="one column for each meaning",
        )
