"""A node of the graph → its place in the source: file, row, lines, column and raw text.

The way goes along the graph's own provenance: a dose to its cell, a cell to its row, a row to its table, a
registration to its trial, its reports and their rows. Among several places the first in the source counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import Graph, URIRef
from rdflib.term import Node as Term

from kg.validate.model import Place
from kg.validate.targets import ordered
from kg.vocabulary.namespaces import CSVW, DCTERMS, PROV, TKG

# Steps towards a row, tried in this order: along the property, or against it.
_ALONG = (TKG.row, PROV.wasDerivedFrom, TKG.between, TKG.dose, TKG.schedule, TKG.outcome)
_AGAINST = (
    *(TKG.reports, TKG.registration, TKG.dose, TKG.schedule, TKG.outcome, DCTERMS.references),
    *(TKG.condition, TKG.product, TKG.cellSource, TKG.donor, TKG.route, TKG.reportedPhase),
    *(TKG.registry, TKG.unit, TKG.basis, TKG.column, PROV.wasDerivedFrom),
    *(TKG.claim, TKG.figure, TKG.measure, TKG.endpointKind, TKG.direction, TKG.hedge),
)
_STEPS = tuple((URIRef(p), True) for p in _ALONG) + tuple((URIRef(p), False) for p in _AGAINST)
_MOST_STEPS = 4

# a node, the properties that led to it, the last cell passed
_Way = tuple[Term, tuple[str, ...], Term | None]


def _order(place: Place) -> tuple[str, int, str, str]:
    return place.source, place.row or 0, place.column, place.raw


class Places:
    """Finds the places of one graph's nodes."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._fills: dict[str, list[Term]] = {}
        for column, prop in sorted(graph.subject_objects(URIRef(TKG.fills)), key=str):
            self._fills.setdefault(str(prop), []).append(column)

    def of(self, focus: Term, properties: Iterable[str], passed: Iterable[Term] = ()) -> tuple[Place, ...]:
        """Return the places of `focus` in the order of the source; () when nothing leads to a row or a table.

        `properties` are the properties that the result is about; they choose the cell of the row. `passed`
        are the nodes between the focus and the value; a row that they come from goes before other rows.
        """
        about = (*self._subject(focus), *reversed(tuple(properties)))
        ways: list[_Way] = [(node, (), None) for node in (focus, *passed)]
        seen = {node for node, _, _ in ways}
        for _ in range(_MOST_STEPS + 1):
            places = {self._row_place(way, about) for way in ways if self._is_row(way[0])}
            if places:
                return tuple(sorted(places, key=_order))
            ways = [step for way in ways for step in self._steps(way, seen)]
        return self._table_place(focus)

    def _subject(self, focus: Term) -> tuple[str, ...]:
        """Return the properties that a node is about by itself, whatever was checked on it."""
        if (focus, URIRef(TKG.wellFormed), None) in self._graph:
            return TKG.registration, TKG.reports
        return self._texts(focus, TKG.onProperty)

    def _steps(self, way: _Way, seen: set[Term]) -> Iterator[_Way]:
        node, properties, cell = way
        if (node, URIRef(TKG.row), None) in self._graph:
            cell = node
        for prop, along in _STEPS:
            reached = self._graph.objects(node, prop) if along else self._graph.subjects(prop, node)
            for target in ordered(reached):
                if target not in seen:
                    seen.add(target)
                    yield target, (*properties, str(prop)), cell

    def _is_row(self, node: Term) -> bool:
        return any((node, URIRef(prop), None) in self._graph for prop in (TKG.table, CSVW.rownum))

    def _row_place(self, way: _Way, about: tuple[str, ...]) -> Place:
        row, passed, cell = way
        cell = cell or self._cell(row, (*about, *passed))
        first, last = self._number(row, TKG.firstLine), self._number(row, TKG.lastLine)
        table = self._graph.value(row, URIRef(TKG.table))
        return Place(
            source=self._text(table, TKG.sourceName),
            row=self._number(row, CSVW.rownum),
            lines=(first, last) if first is not None and last is not None else None,
            column=self._text(cell, TKG.header),
            raw=self._text(cell or row, TKG.verbatim),
        )

    def _table_place(self, node: Term) -> tuple[Place, ...]:
        source = self._text(node, TKG.sourceName)
        return (Place(source),) if source else ()

    def _cell(self, row: Term, properties: tuple[str, ...]) -> Term | None:
        """Return the cell of `row` whose column fills the first of `properties` that any column fills."""
        columns = [column for prop in properties for column in self._fills.get(prop, ())]
        cells = {self._graph.value(cell, URIRef(TKG.column)): cell for cell in self._cells(row)}
        return next((cells[column] for column in columns if column in cells), None)

    def _cells(self, row: Term) -> list[Term]:
        return ordered(self._graph.subjects(URIRef(TKG.row), row))

    def _texts(self, node: Term, prop: str) -> tuple[str, ...]:
        return tuple(sorted(str(value) for value in self._graph.objects(node, URIRef(prop))))

    def _text(self, node: Term | None, prop: str) -> str:
        texts = self._texts(node, prop) if node is not None else ()
        return texts[0] if texts else ""

    def _number(self, node: Term, prop: str) -> int | None:
        text = self._text(node, prop)
        return int(text) if text.isascii() and text.isdigit() else None
