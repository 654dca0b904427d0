"""Parsed tables → scopes: each table once, in a fixed order, with its key and its named graphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.errors import GraphError, VocabularyError
from kg.graph.identity import Identity, identities
from kg.graph.iris import Minter, article, digest, slug
from kg.model import Parsed, Record
from kg.vocabulary.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Scope:
    """One table at work: its key, and the graphs ("" when merged) of its knowledge and of its provenance.

    `columns` maps the keys of the table's columns to the IRIs of their concepts.
    """

    parsed: Parsed
    key: str
    graph: str
    provenance: str
    minter: Minter
    lexicon: Lexicon
    columns: Mapping[str, str]
    _slugs: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The IRI of the table."""
        return self.minter.iri("table", self.key)

    @property
    def place(self) -> str:
        """What a row without a number is identified within: the article where known, else the table."""
        return article(self.parsed.table) or self.key

    @property
    def title(self) -> str:
        """What people call the table: its label, else the name of its source."""
        return self.parsed.table.label or self.parsed.table.source

    @property
    def name(self) -> str:
        """What the graph calls the table: its label where the article is known too, else its key.

        No name of a file is part of knowledge, nor a label that another layout of the table may lack.
        """
        table = self.parsed.table
        return (article(table) and table.label) or self.key

    def of_row(self, kind: str, row: int, suffix: str = "") -> str:
        """Return the IRI of a thing of a row, e.g. ("dose", 12, "-d1")."""
        return self.minter.iri(kind, f"{self.key}-r{row}{suffix}")

    def cells(self, record: Record) -> tuple[str, ...]:
        """Return the IRIs of the record's cells, in their order."""
        start = self.of_row("cell", record.row)
        return tuple([f"{start}-{name}" for name in self._names(record)])

    def origin(self, record: Record, column: str, words: str = "") -> str:
        """Return the IRI of the record's cell of a column, else of the first with these words, else its row.

        A cell may hold several things, such as dose and route; what no column says stands where its context says,
        in another cell of the row or in the table's own words.
        """
        named = list(zip(record.cells, self._names(record), strict=True))
        found = [name for cell, name in named if column in (cell.column, *cell.keys)]
        context = record.context_of(column)
        if context and not found:
            found = [name for cell, name in named if cell.header == context.place]
            if not found:
                return self.table
        if words and not found:
            found = [name for cell, name in named if words in cell.text]
        return self.of_row("cell", record.row, f"-{found[0]}") if found else self.of_row("row", record.row)

    def column(self, key: str) -> str:
        """Return the IRI of the concept of the column with this key, whether the table has it or not."""
        return self.concept("column", key.replace("_", "-"))

    def concept(self, scheme: str, name: str) -> str:
        """Return the IRI of a concept that the program relies on; VocabularyError when it is missing."""
        try:
            return self.lexicon.named(scheme, name.replace(" ", "-")).iri
        except KeyError:
            raise VocabularyError(
                f"the vocabulary {scheme} lacks the concept {name}", hint="install trialkg again"
            ) from None

    def _names(self, record: Record) -> tuple[str, ...]:
        columns = tuple([cell.column for cell in record.cells])
        if columns not in self._slugs:
            self._slugs[columns] = _column_slugs(columns, {c.key for c in self.parsed.columns if c.key})
        return self._slugs[columns]


def make_scopes(
    tables: Sequence[Parsed], lexicon: Lexicon, minter: Minter, *, named: bool
) -> tuple[Scope, ...]:
    """Return a scope for each table, ordered by source and content whatever the order of `tables`.

    The same table twice counts once; see `kg.graph.identity`.
    """
    known: dict[Identity, int] = {}
    found = identities(tables)
    places = range(len(tables))
    for place in sorted(places, key=lambda n: (tables[n].table.source, tables[n].table.sha256, found[n][1])):
        _check_rows(tables[place])
        known.setdefault(found[place][0], place)
    return tuple(
        _scope(tables[place], minter.table_key(tables[place].table, identity), (lexicon, minter), named=named)
        for identity, place in known.items()
    )


def _scope(parsed: Parsed, key: str, tools: tuple[Lexicon, Minter], *, named: bool) -> Scope:
    lexicon, minter = tools
    graph, provenance = (minter.iri("graph", key), minter.iri("graph", "provenance")) if named else ("", "")
    known = {concept.notation: concept.iri for concept in lexicon.concepts("column") if concept.notation}
    columns = {key: known[key] for column in parsed.columns for key in column.keys if key in known}
    return Scope(parsed, key, graph, provenance, minter, lexicon, columns)


def _check_rows(parsed: Parsed) -> None:
    counts = Counter([r.row for r in parsed.records] + [q.row for q in parsed.quarantined])
    if twice := sorted(row for row, count in counts.items() if count > 1):
        raise GraphError(f"row {twice[0]} stands in the table twice", where=parsed.table.source)


def _column_slugs(names: tuple[str, ...], keys: set[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    slugs = []
    for name in names:
        seen[name] += 1
        again = f"-{seen[name]}" if seen[name] > 1 else ""
        own = "" if name in keys else f"-{digest(name)[:8]}"
        slugs.append((slug(name) or "column") + own + again)
    return tuple(slugs)
