"""Numbers of rows that the user asks for → those rows of each table, or an error that says which there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.errors import SourceError

if TYPE_CHECKING:
    from kg.model import Parsed, Quarantined, Record, Table


@dataclass
class Wanted:
    """The rows asked for, in every table that has them; none asked for are all."""

    numbers: frozenset[int]
    there: list[tuple[Table, list[int]]] = field(default_factory=list)

    def among(self, table: Table, rows: Iterable[Record | Quarantined]) -> Iterator[Record | Quarantined]:
        """Yield the rows of a table that are wanted; nothing is read after the last of them."""
        if not self.numbers:
            yield from rows
            return
        seen: list[int] = []
        self.there.append((table, seen))
        missing = set(self.numbers)
        for row in rows:
            seen.append(row.row)
            if row.row in missing:
                missing.remove(row.row)
                yield row
            if not missing:
                return

    def select(self, parsed: Parsed) -> Parsed:
        """Return a table with the wanted rows alone."""
        rows = list(self.among(parsed.table, (*parsed.records, *parsed.quarantined)))
        return replace(
            parsed,
            records=tuple(row for row in parsed.records if row in rows),
            quarantined=tuple(row for row in parsed.quarantined if row in rows),
        )

    def check(self) -> None:
        """Raise SourceError when no table has a row of one of the numbers; to be called after all tables were read."""
        absent = self.numbers.difference(*(seen for _, seen in self.there))
        if not absent:
            return
        raise SourceError(
            f"there is no row {', '.join(map(str, sorted(absent)))}",
            where=self.there[0][0].source if self.there else "",
            allowed=self._allowed(),
            hint="the rows of each table are numbered from 1, without the header and section rows",
        )

    def _allowed(self) -> str:
        if len(self.there) == 1:
            return ranges(self.there[0][1]) or "none: the table has no rows"
        return "; ".join(
            f"{table.label or f'table {at}'}: {ranges(seen) or 'no rows'}"
            for at, (table, seen) in enumerate(self.there, 1)
        )


def ranges(numbers: Sequence[int]) -> str:
    """Return numbers in ascending order with each run of them as its ends: "1-4, 6"."""
    ordered = sorted(set(numbers))
    breaks = [at for at, (one, other) in enumerate(pairwise(ordered), 1) if other != one + 1]
    runs = [ordered[a:b] for a, b in pairwise([0, *breaks, len(ordered)])] if ordered else []
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
