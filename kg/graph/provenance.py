"""Parsed tables → the blocks of their tables, rows and cells: where every triple comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.iris import article, doi_page
from kg.graph.scope import Scope
from kg.graph.terms import block, integer, text, texts
from kg.model import Block, Cell, Finding, Quarantined, Record, State
from kg.version import __version__
from kg.vocabulary.namespaces import CSVW, DCTERMS, PROV, RDFS, ROOT, TKG

_SOFTWARE = f"{ROOT}software/trialkg-{__version__}"


def provenance_blocks(scope: Scope) -> Iterator[Block]:
    """Yield the table, what was made of it, then its rows in their order, each followed by its cells."""
    yield _table(scope)
    yield _knowledge(scope)
    rows: list[Record | Quarantined] = [*scope.parsed.records, *scope.parsed.quarantined]
    for row in sorted(rows, key=lambda row: row.row):
        if isinstance(row, Quarantined):
            yield _quarantined(row, scope)
        else:
            yield from _row(row, scope)


def software_block(graph: str) -> Block:
    """Return the block of this version of trialkg, to which the graphs of the tables are attributed.

    There is no activity between table and graph: all that it could add is a time, and the same input
    must give the same graph.
    """
    return block(graph, _SOFTWARE, [PROV.SoftwareAgent], (RDFS.label, texts(f"trialkg {__version__}")))


def remark(finding: Finding) -> str:
    """Return a finding as the graph states it, "code: message"."""
    return f"{finding.code}: {finding.message}"


def _table(scope: Scope) -> Block:
    table, page = scope.parsed.table, doi_page(scope.parsed.table)
    return block(
        scope.provenance,
        scope.table,
        [TKG.Table, CSVW.Table, PROV.Entity],
        (RDFS.label, texts(f"{scope.title} of doi:{doi}" if (doi := article(table)) else scope.title)),
        (TKG.tableLabel, texts(table.label)),
        (DCTERMS.title, texts(table.title)),
        (TKG.caption, texts(table.caption)),
        (TKG.contextFor, _told(scope)),
        (DCTERMS.source, page),
        (PROV.hadPrimarySource, page),
        (TKG.sourceName, texts(table.source)),
        (TKG.sha256, texts(table.sha256)),
        (TKG.legend, texts(table.legend)),
        (TKG.remark, texts(*map(remark, (*table.findings, *scope.parsed.findings)))),
    )


def _told(scope: Scope) -> list[str]:
    """Return the columns whose values some row takes from what is said of the whole table."""
    found: set[str] = set()
    for record in scope.parsed.records:
        own = {cell.header for cell in record.cells}
        found.update(context.key for context in record.context if context.place not in own)
    return [scope.column(key) for key in sorted(found)]


def _knowledge(scope: Scope) -> Block:
    return block(
        scope.provenance,
        scope.minter.iri("graph", scope.key),
        [PROV.Entity],
        (RDFS.label, texts(f"what {scope.title} says")),
        (PROV.wasDerivedFrom, [scope.table]),
        (PROV.wasAttributedTo, [_SOFTWARE]),
    )


def _row(record: Record, scope: Scope) -> Iterator[Block]:
    waiting: dict[str, list[Finding]] = {}
    for finding in record.findings:
        waiting.setdefault(finding.column, []).append(finding)
    # the first cell of a column takes its findings; what no cell takes is said of the row
    taken = [
        [finding for name in dict.fromkeys((cell.column, *cell.keys)) for finding in waiting.pop(name, ())]
        for cell in record.cells
    ]
    loose = [finding for finding in record.findings if finding.column in waiting]
    yield _row_block(record, State.MAPPED, loose, "", scope)
    for cell, iri, findings in zip(record.cells, scope.cells(record), taken, strict=True):
        yield _cell(cell, iri, findings, record, scope)


def _quarantined(row: Quarantined, scope: Scope) -> Block:
    return _row_block(row, State.QUARANTINED, [row.finding], row.text, scope)


def _row_block(
    row: Record | Quarantined, state: State, findings: Iterable[Finding], verbatim: str, scope: Scope
) -> Block:
    return block(
        scope.provenance,
        scope.of_row("row", row.row),
        [TKG.TableRow, CSVW.Row, PROV.Entity],
        (CSVW.rownum, [integer(row.row)]),
        (TKG.table, [scope.table]),
        (TKG.firstLine, [integer(row.lines[0])]),
        (TKG.lastLine, [integer(row.lines[1])]),
        (TKG.state, [scope.concept("state", state)]),
        (TKG.verbatim, texts(verbatim)),
        (TKG.remark, texts(*map(remark, findings))),
    )


def _cell(cell: Cell, iri: str, findings: Iterable[Finding], record: Record, scope: Scope) -> Block:
    columns = [scope.columns[key] for key in cell.keys if key in scope.columns]
    context = [scope.column(context.key) for context in record.context if context.place == cell.header]
    return block(
        scope.provenance,
        iri,
        [TKG.TableCell, PROV.Entity],
        (TKG.row, [scope.of_row("row", record.row)]),
        (TKG.column, columns),
        (TKG.contextFor, context),
        (TKG.header, texts(cell.header)),
        (TKG.verbatim, [text(cell.text)]),
        (TKG.state, [scope.concept("state", cell.state)]),
        (TKG.rule, texts(cell.rule)),
        (TKG.remark, texts(*map(remark, findings))),
    )
