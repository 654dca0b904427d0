"""Text with pipes or drawn borders between its cells, Markdown among it → tables with rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Table
from kg.readers.document import Document
from kg.readers.header import is_markup
from kg.readers.piped import has_pipes, split_piped
from kg.readers.regions import bounded, grids_of
from kg.readers.separated import RawRow
from kg.readers.tabulate import candidate, is_of_trials, tables_of
from kg.vocabulary.lexicon import Lexicon

_FIRST_LINES = 5000  # on which a table is looked for


@dataclass(frozen=True, slots=True)
class PipesReader:
    """Cells between pipes, with or without pipes at the ends, below a line of dashes or inside drawn borders."""

    name: str = "text with pipes between its cells"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether lines cut at pipes are a table of trials; pipes in sentences or inside CSV are none."""
        if is_markup(document.head) or not has_pipes(document.text):
            return False
        parts = list(split_piped(document.text.split("\n", _FIRST_LINES)[:_FIRST_LINES]))
        grids = grids_of(list(filter(_are_borders, parts)), self.name, lexicon)
        return any(is_of_trials(candidate(grid, lexicon)) for grid in grids)

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of trials of the document."""
        parts = [list(bounded(part, document.name)) for part in split_piped(document.text.split("\n"))]
        return tables_of(document, grids_of(parts, self.name, lexicon), lexicon)


def _are_borders(rows: Sequence[RawRow]) -> bool:
    """Whether the pipes are borders and no part of sentences: a third of the rows with pipes is cut alike.

    Files of a database dump are left to those who know which of its columns is which.
    """
    several = [row for row in rows if len(row.cells) > 1]
    widths = Counter(len(row.cells) for row in several)
    if len(several) < 2 or 3 * widths.most_common(1)[0][1] < len(several):
        return False
    return "nct_id" not in several[0].cells
