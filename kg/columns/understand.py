"""Header words and cells → what each column of a table means, with the evidence for it.

The words are the forms of the scheme `column`; the cells of a sample of rows are read under every key that is in
question. Each key is given once, so that all columns together fit best; what no key fits is kept under its header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.cells.read import CellReader
from kg.columns.assign import assign
from kg.columns.choices import chosen
from kg.columns.doubts import contradiction, kept_as_text, out_of_order, told_by_cells
from kg.columns.evidence import KEYS, Cells
from kg.columns.kinds import SCHEME
from kg.columns.names import Named, name_header
from kg.columns.order import is_shuffled, put_right
from kg.columns.several import is_whole, named_parts, shown_parts
from kg.columns.verdict import HOLDS, LEAST_CELLS, Verdict, from_cells, judge
from kg.columns.words import confidence, evidence_of
from kg.model import Choice, Column, Finding, Table
from kg.vocabulary.lexicon import Lexicon

_SCALE = 100_000  # keeps the earlier of two equal columns before the later one
_HEADER, _LOOSE, _CELLS, _FROM_CELLS = 700, 350, 400, 300
_LEAST = 50
_LOOKED_AT = 200  # columns whose cells may tell what no header says
_SOURCES = 0.4  # mean grade of a column of products whose cells name their source
_LAST = ("reference", "trial_number")  # what may stand behind the outcome of a row
_TELLS = 0.8
_COUNTED = 3  # rows that must be numbered from 1 on


class Understood(NamedTuple):
    """The columns of a table, in order, and what is doubtful about them."""

    columns: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()


def dose_header(columns: Sequence[Column]) -> str:
    """Return the header of the column with doses, which may hold a unit or a power of ten; "" without one."""
    return next((column.header for column in columns if "dose" in column.keys), "")


def is_numbering(firsts: Sequence[str]) -> bool:
    """Return whether the first words or cells of the rows only number them: 1, 2, 3 and so on."""
    numbers = [text.rstrip(".)") for text in firsts]
    return [number for number in numbers if number.isdecimal()][:_COUNTED] == [
        str(n + 1) for n in range(_COUNTED)
    ]


def understand(header: Sequence[str], lexicon: Lexicon, *, numbered: bool = False) -> tuple[Column, ...]:
    """Return one Column per header cell by the words alone; unnamed or repeated headers get a number to stay apart.

    `numbered` says that the first column numbers the rows; "No." is then no number of patients.
    """
    names = [name_header(text, lexicon) for text in header]
    if numbered and names and names[0].key == "patients":
        names[0] = Named(names[0].header, "", 1.0, "cells.row-numbers", kind="running-number")
    cells = [Cells((), CellReader(lexicon))] * len(names)
    return _Table(names, cells, {}).columns()


def understand_cells(
    table: Table, sample: Sequence[Sequence[str]], reader: CellReader, choices: Sequence[Choice] = ()
) -> Understood:
    """Return what the columns of a table with borders mean, by its header and the cells of the rows in `sample`.

    `choices` are the user's words on single columns; they go before all evidence. Raises SourceError for a choice
    that names no column of the table.
    """
    width = len(table.header)
    rows = [row for row in sample if len(row) == width]
    names = [name_header(text, reader.lexicon) for text in table.header]
    cells = [Cells(_column(rows, at, named), reader) for at, named in enumerate(names)]
    found = _Table(names, cells, chosen(table, choices))
    columns = found.columns()
    return Understood(columns, found.findings(columns))


def _column(rows: Sequence[Sequence[str]], at: int, named: Named) -> Iterator[str]:
    """Return the cells of a column; those of a column that nothing names, far to the right, are not looked at."""
    if at >= _LOOKED_AT and not named.key and not named.parts:
        return iter(())
    return (row[at] for row in rows)


class _Table:
    """The columns of one table between their headers and their cells."""

    def __init__(
        self, names: Sequence[Named], cells: Sequence[Cells], fixed: Mapping[int, tuple[str, ...]]
    ) -> None:
        self._fixed = fixed
        self._cells = cells
        self._named = names
        kinds = {named.kind for named in names if named.kind}
        self._verdicts = [
            HOLDS if at in fixed else judge(named, cells[at], kinds) for at, named in enumerate(names)
        ]
        self._shuffled = not fixed and is_shuffled(names, cells, self._verdicts)
        self._names = list(names)
        if self._shuffled:
            self._names = put_right(names, cells)
            self._verdicts = [HOLDS] * len(names)
        self._mixed: set[int] = set()  # columns of one thing among other words

    # ------------------------------------------------------------ meaning

    def columns(self) -> tuple[Column, ...]:
        """Return what every column means."""
        owners = self._owners()
        taken = {*owners.values(), *(key for keys in self._fixed.values() for key in keys)}
        holds: dict[int, tuple[str, ...]] = {at: (key,) for at, key in owners.items()}
        for at, named in enumerate(self._names):
            if at not in self._fixed and at not in owners and named.parts:
                holds[at] = named_parts(named, self._cells[at], taken)
                taken.update(holds[at])
        for at, named in enumerate(self._names):
            if at not in self._fixed and (at in owners or not named.parts):
                shown = shown_parts(owners.get(at, ""), self._kind(at), self._cells[at], taken)
                self._mixed |= {at} if shown == ("phase",) else set()
                holds[at] = shown or holds.get(at, ())
                taken.update(shown)
        holds.update(self._fixed)
        return self._apart([self._column(at, holds.get(at, ()), owners) for at in range(len(self._names))])

    def _owners(self) -> dict[int, str]:
        """Return the columns that have one key for themselves."""
        owned = {key for keys in self._fixed.values() for key in keys}
        scores = [{} if at in self._fixed else self._scores(at) for at in range(len(self._names))]
        free = [key for key in KEYS if key not in owned]
        return assign([_ranked(one, at) for at, one in enumerate(scores)], free)

    def _scores(self, at: int) -> dict[str, int]:
        named, cells, verdict = self._names[at], self._cells[at], self._verdicts[at]
        if verdict.rival:
            fit = cells.fit(verdict.rival)
            return {verdict.rival: int(_FROM_CELLS + _FROM_CELLS * fit.share(fit.clear))}
        if not verdict.holds or named.parts:
            return {}
        if named.key:
            weight = _LOOSE if named.loose else _HEADER
            score = weight * named.strength + _CELLS * cells.fit(named.key).mean
            scores = {named.key: max(_LEAST, int(score))}
            return scores | self._as_source(cells) if named.key == "product" else scores
        found = {key: int(_FROM_CELLS * share) for key, share in from_cells(named, cells).items()}
        return found or ({"outcome": _LEAST} if self._ends_in_results(at) else {})

    def _ends_in_results(self, at: int) -> bool:
        """Whether a column that nothing names says how the trials went: no header does, and no other follows it."""
        if any("outcome" in (named.key, *named.parts) for named in self._names) or self._names[at].kind:
            return False
        behind = all(named.kind or named.key in _LAST for named in self._names[at + 1 :])
        return behind and self._cells[at].filled >= LEAST_CELLS and self._cells[at].results >= _TELLS

    def _as_source(self, cells: Cells) -> dict[str, int]:
        """Return what a column of products scores as one of cell sources, which it is where there is no other."""
        fit = cells.fit("cell_source")
        named = fit.share(fit.some) >= _SOURCES and fit.mean >= _SOURCES
        return {"cell_source": int(_HEADER + _CELLS + _CELLS * fit.mean)} if named else {}

    def _kind(self, at: int) -> str:
        return self._verdicts[at].kind or self._names[at].kind

    # ------------------------------------------------------------ words

    def _column(self, at: int, keys: tuple[str, ...], owners: Mapping[int, str]) -> Column:
        named, cells = self._names[at], self._cells[at]
        single = keys[0] if len(keys) == 1 and (at in owners or at in self._fixed) else ""
        if at in self._fixed:
            parts = () if single else keys
            return Column(single, named.header, "user.choice", 1.0, parts, ("the user says so",))
        verdict = self._verdicts[at]
        rule = self._rule(at, keys, owners)
        sure = confidence(named, cells, keys, by_cells=rule.startswith("cells."))
        evidence = evidence_of(named, cells, keys, verdict)
        if len(keys) == 1 and at not in owners and (keys[0] == "reference" or is_whole(keys[0], cells)):
            single = keys[0]  # a name beside its citation belongs to it
        if at in self._mixed:
            single = ""
        return Column(single, named.header, rule, sure, () if single else keys, evidence)

    def _rule(self, at: int, keys: Sequence[str], owners: Mapping[int, str]) -> str:
        named, verdict = self._names[at], self._verdicts[at]
        if not keys:
            if verdict.kind == "running-number" or named.rule == "cells.row-numbers":
                return "cells.row-numbers"
            if not verdict.holds:
                return "cells.text"
            return "header.second-of-its-kind" if named.key or named.parts else named.rule
        if len(keys) > 1 and not named.parts:
            return "cells.several"
        if self._shuffled and at in owners:
            return "cells.order"
        return named.rule if named.key == keys[0] or named.parts else f"cells.{keys[0]}"

    def _apart(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Return the columns with a name of its own each; a name of the record's keys is never a header's."""
        taken = {key for column in columns for key in column.keys}
        apart: list[Column] = []
        for at, column in enumerate(columns):
            if not column.key:
                name = _unused(column.header or f"column {at + 1}", taken)
                taken.add(name)
                column = Column("", name, column.rule, column.confidence, column.parts, column.evidence)
            apart.append(column)
        return tuple(apart)

    def findings(self, columns: Sequence[Column]) -> tuple[Finding, ...]:
        """Return what is doubtful about the columns."""
        found: list[Finding] = []
        if self._shuffled:
            found.append(out_of_order(self._named, columns))
        for at, column in enumerate(columns):
            if at not in self._fixed:
                found += self._doubts(at, column)
        return tuple(found)

    def _doubts(self, at: int, column: Column) -> list[Finding]:
        named, verdict = self._names[at], self._verdicts[at]
        if verdict.rival and verdict.rival in column.keys:
            return [contradiction(named, column)]
        if verdict.text and not column.keys:
            return [kept_as_text(named, column, self._cells[at])]
        if column.rule.startswith("cells.") and column.keys and not self._shuffled and not named.key:
            return [told_by_cells(named, column)]
        return []


def _ranked(scores: Mapping[str, int], at: int) -> dict[str, int]:
    return {key: score * _SCALE - at for key, score in scores.items() if score > 0}


def _unused(name: str, taken: set[str]) -> str:
    number = 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate


__all__ = ["SCHEME", "Understood", "Verdict", "dose_header", "is_numbering", "understand", "understand_cells"]
