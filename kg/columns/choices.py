"""What a user says of columns → the keys of single columns of one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.errors import SourceError
from kg.model import Choice, Column, Table
from kg.vocabulary.text import alike


def chosen(table: Table, choices: Sequence[Choice]) -> dict[int, tuple[str, ...]]:
    """Return position → keys for the columns of `table` that the user says something of, () for "keep as text".

    A column is named by its number from 1 or by its header. What was said first wins, for a column and, between the
    command line and a file, for a key too. A choice for another table, or for a column that this one does not have,
    is passed over. Raises SourceError where one and the same place gives a key to two columns.
    """
    found: dict[int, tuple[str, ...]] = {}
    origins: dict[str, str] = {}
    for choice in choices:
        at = _position(table, choice)
        if at is None or at in found or not _is_for(choice, table):
            continue
        source = choice.origin.partition(",")[0]  # "trials.csv.toml, line 3"
        keys = tuple(key for key in choice.keys if origins.get(key, source) == source)
        if keys or not choice.keys:
            found[at] = keys
            origins.update(dict.fromkeys(keys, source))
    _check_once(table, found)
    return found


def _is_for(choice: Choice, table: Table) -> bool:
    return not choice.table or alike(choice.table) == alike(table.label)


def _position(table: Table, choice: Choice) -> int | None:
    wanted = alike(choice.column)
    headers = [alike(header) for header in table.header]
    if wanted in headers:
        return headers.index(wanted)
    if wanted.isdecimal() and 0 < int(wanted) <= len(headers):
        return int(wanted) - 1
    return None  # another table of the source may have it; `check_choices` sees to that


def check_choices(choices: Iterable[Choice], tables: Sequence[tuple[Table, Sequence[Column]]]) -> None:
    """Raise SourceError for a choice for a column that none of `tables`, each with its columns, has."""
    for choice in choices:
        meant = [one for one in tables if _is_for(choice, one[0])]
        if not meant:
            raise _no_table(choice, [table for table, _ in tables])
        if not any(_has(choice.column, table, columns) for table, columns in meant):
            raise _missing(choice, meant)


def _has(wanted: str, table: Table, columns: Sequence[Column]) -> bool:
    headers = {alike(header) for header in (*table.header, *(column.header for column in columns))}
    return alike(wanted) in headers or (wanted.isdecimal() and 0 < int(wanted) <= len(columns))


def _no_table(choice: Choice, tables: Sequence[Table]) -> SourceError:
    labels = sorted({table.label for table in tables} - {""})
    return SourceError(
        f"there is no table {choice.table!r}",
        where=choice.origin,
        raw=choice.table,
        allowed=", ".join(labels) or "no table name: the source's tables have no label",
        hint="name a table by its label, or leave the name out for all tables",
    )


def _missing(choice: Choice, tables: Sequence[tuple[Table, Sequence[Column]]]) -> SourceError:
    labels = ", ".join(sorted({table.label for table, _ in tables} - {""}))
    columns = [f"{n} {column.header!r}" for _, columns in tables for n, column in enumerate(columns, 1)]
    of = f" in {choice.table}" if choice.table else ""
    return SourceError(
        f"there is no column {choice.column!r}{of}",
        where=choice.origin,
        raw=choice.column,
        allowed=", ".join(columns),
        hint="name a column by its number from 1 or by its header"
        + (f"; tables: {labels}" if labels else ""),
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
