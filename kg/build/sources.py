"""Paths → parsed tables in their fixed order; without a path, the bundled table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kg.build.quarantine import is_quarantine, read_quarantine
from kg.columns.choices import check_choices
from kg.describe.void import describe
from kg.errors import SourceError
from kg.graph.identity import claim, content
from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.model import Block, Choice, Correction, Finding, Parsed, Settings, Severity
from kg.parse.tables import parse_source
from kg.readers.base import Source, open_source
from kg.resources import bundled_table
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

Say = Callable[[str], None]


def read_all(
    paths: Sequence[str], lexicon: Lexicon, say: Say, columns: Sequence[Choice] = ()
) -> tuple[Parsed, ...]:
    """Return the tables of all sources, ordered by name and content whatever the order of `paths`.

    `say` is told which source is being read; a table that another source has too, in whatever layout, counts
    once. `columns` are the user's words on columns, for every
    source that has them. Raises SourceError for a source that holds no table.
    """
    sources = sorted(map(open_source, paths or [bundled_table()]), key=lambda one: (one.name, one.sha256))
    filed = [source for source in sources if is_quarantine(source)]
    corrections = tuple(one for source in filed for one in read_quarantine(source))
    settings = Settings(columns=tuple(columns), corrections=corrections)
    tables: list[Parsed] = []
    for source in (source for source in sources if source not in filed):
        say(f"reading {source.name}")
        tables.extend(parse_source(source, lexicon, settings, alone=False))
    check_choices(columns, [(parsed.table, parsed.columns) for parsed in tables])
    if filed and not tables:
        raise _lonely(filed[0])
    _tell_unused(corrections, tables, say)
    return tuple(_with_clashes(_distinct(tables, say)))


def _lonely(source: Source) -> SourceError:
    return SourceError(
        "this file completes rows of other sources, and none of them is named",
        where=source.name,
        allowed="the sources that the rows came from, and this file beside them",
        hint=f"kg build SOURCE ... {source.name}",
    )


def _tell_unused(corrections: Sequence[Correction], tables: Sequence[Parsed], say: Say) -> None:
    """Say which completed rows belong to no row that could not be read, so that nobody believes them in the graph."""
    used = {
        (record.source, parsed.table.label, record.row)
        for parsed in tables
        for record in parsed.records
        if any(finding.code == "row-completed" for finding in record.findings)
    }
    for one in corrections:
        if (one.source, one.table, one.row) not in used:
            where = f"{one.origin}: row {one.row} of {one.table or one.source}"
            say(f"warning: {where} is not a quarantined row of any source; it was left out")


def _distinct(tables: Sequence[Parsed], say: Say) -> list[Parsed]:
    """Return the tables, of those that say the same only the one that says most about itself."""
    copies: dict[str, list[Parsed]] = {}
    for parsed in tables:
        copies.setdefault(content(parsed), []).append(parsed)
    kept = {id(one) for group in copies.values() for one in _originals(group)}
    for parsed in tables:
        if id(parsed) not in kept:
            say(f"{_title(parsed)} says the same as a table of another source: counted once")
    return [parsed for parsed in tables if id(parsed) in kept]


def _originals(copies: Sequence[Parsed]) -> list[Parsed]:
    """Return one table for each article and label that equal tables claim; one without a claim joins the first."""
    claimed: dict[tuple[str, ...], Parsed] = {}
    for parsed in sorted(copies, key=_order):
        claimed.setdefault(claim(parsed.table), parsed)
    return [parsed for place, parsed in claimed.items() if place or len(claimed) == 1]


def _order(parsed: Parsed) -> tuple[bool, bool, str, str]:
    table = parsed.table
    return not table.label, not table.caption, table.source, table.sha256


def _with_clashes(tables: Sequence[Parsed]) -> list[Parsed]:
    """Return the tables with a warning on those that claim to be one table of one article and say different things."""
    claims = Counter(claim(parsed.table) for parsed in tables)
    return [
        _warned(parsed) if claims[claim(parsed.table)] > 1 and claim(parsed.table) else parsed
        for parsed in tables
    ]


def _warned(parsed: Parsed) -> Parsed:
    table = parsed.table
    message = (
        f"another source is {table.label} of doi:{table.doi} too, but says different things; both are kept"
    )
    hint = "leave one of them out, or correct the label or the DOI of the other"
    warning = Finding(
        Severity.WARNING, "table-clash", "table", message, raw=f"{table.label} {table.doi}", hint=hint
    )
    return replace(parsed, findings=(*parsed.findings, warning))


def _title(parsed: Parsed) -> str:
    return f"{parsed.table.label or 'the table'} of {parsed.table.source}"


def licence_of(tables: Sequence[Parsed]) -> str:
    """Return the licence that the files beside all sources name, "" when one lacks it or they name several."""
    found = {parsed.settings.facts.get("license", "") for parsed in tables}
    return found.pop() if len(found) == 1 else ""


def bundled_quads() -> Iterator[Block]:
    """Yield the graph of the bundled table with its description, for asking it without a build."""
    lexicon = bundled_lexicon()
    tables = read_all((), lexicon, lambda _: None)
    blocks = list(quad_blocks(tables, lexicon, Minter()))
    yield from blocks
    yield from describe(blocks, licence=licence_of(tables))
