"""Random records come back from every layout as they went in, and one table gives one graph in all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import LAYOUTS

from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.model import Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.records import write_jsonl
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

# header, key of the record, cells that mean something of their own
COLUMNS: Sequence[tuple[str, str, Sequence[str]]] = (
    (
        "Disease",
        "diseases",
        ("Crohn disease", "COVID-19", "Knee osteoarthritis", "Lupus nephritis", "Stroke"),
    ),
    (
        "Cell source",
        "cell_sources",
        ("Bone marrow", "Umbilical cord", "Adipose tissue", "Allogeneic placenta"),
    ),
    ("Route", "routes", ("Intravenous", "Intrathecal", "Intra-articular", "Intramuscular")),
    ("Dose", "doses", ("1 × 10⁶ cells/kg", "2–5 × 10⁷ cells", "3 × 10⁷ cells", "0.5 or 1 × 10⁶ cells/kg")),
    ("Frequency", "administrations", ("Once", "Twice", "3 times", "Once a week for 4 weeks")),
    ("Patients", "patients", ("12", "20", "35", "108")),
    ("Phase", "phases", ("I", "II", "I/II", "IIa")),
)
Pages = dict[str, tuple[Parsed, ...]]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Draw a header in any order, the number column somewhere in it, and rows with numbers of their own."""
    chosen = draw(st.permutations(COLUMNS).map(lambda columns: columns[:5]))
    at = draw(st.integers(0, len(chosen)))
    numbers = draw(st.lists(st.integers(0, 99_999_999), min_size=4, max_size=6, unique=True))
    rows = []
    for number in numbers:
        row = [draw(st.sampled_from(cells)) for _, _, cells in chosen]
        rows.append([*row[:at], f"NCT{number:08}", *row[at:]])
    header = [name for name, _, _ in chosen]
    return [*header[:at], "NCT number", *header[at:]], rows


def values(parsed: Parsed) -> list[dict[str, Any]]:
    """Return the records' typed values: no place, no findings, and no verbatim text, which says how it is raised."""
    records = [json.loads(line) for line in write_jsonl(parsed.records)]
    return [
        {key: value for key, value in record.items() if key not in ("source", "lines", "findings", "cells")}
        for record in records
    ]


def expected(header: Sequence[str], row: Sequence[str], lexicon: Lexicon) -> dict[str, Any]:
    """Return the values of a row read cell by cell, without any layout around it."""
    line = "\t".join(header) + "\n" + "\t".join(row) + "\n"
    (parsed,) = parse_source(Source("one.tsv", line.encode()), lexicon)
    return values(parsed)[0]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(deadline=None, max_examples=8)
@given(made=tables())
def test_records_come_back_from_every_layout(
    layout: str, made: tuple[list[str], list[list[str]]], lexicon: Lexicon
) -> None:
    header, rows = made
    (parsed,) = parse_source(Source("table", LAYOUTS[layout](header, rows)), lexicon)
    assert [record.text("trial_number") for record in parsed.records] == [
        next(cell for cell in row if cell.startswith("NCT")) for row in rows
    ]
    assert values(parsed) == [{**expected(header, row, lexicon), "row": n} for n, row in enumerate(rows, 1)]


def test_one_table_gives_the_same_knowledge_in_every_layout(lexicon: Lexicon) -> None:
    header = [name for name, _, _ in COLUMNS]
    rows = [[cells[n] for _, _, cells in COLUMNS] for n in range(4)]
    found = {}
    for layout, write in LAYOUTS.items():
        parsed = parse_source(Source(layout, write([*header, "NCT number"], _numbered(rows))), lexicon)
        found[layout] = _knowledge(parsed, lexicon)
    assert {
        layout: statements - found["csv"]
        for layout, statements in found.items()
        if statements != found["csv"]
    } == {}


def _numbered(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[*row, f"NCT0000000{n}"] for n, row in enumerate(rows, 1)]


def _knowledge(tables: Sequence[Parsed], lexicon: Lexicon) -> set[tuple[str, str, Any]]:
    """Return the statements of the tables' own graphs, by names without the table's key: a label changes that."""
    blocks = list(quad_blocks(tables, lexicon, Minter(), []))
    (graph,) = {block.graph for block in blocks if not block.graph.endswith(("/provenance", "/vocabulary"))}
    key = graph.rsplit("/", 1)[-1]
    label = tables[0].table.label or key

    def plain(text: Any) -> Any:
        return str(text).replace(key, "T").replace(label, "T")

    return {
        (plain(block.subject), predicate, plain(value))
        for block in blocks
        if block.graph == graph
        for predicate, value in block.statements
    }
