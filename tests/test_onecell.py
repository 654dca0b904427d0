"""A page with one cell a line keeps its cells, empty ones too, and rows are found by what the cells look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.model import Parsed, Severity, Table
from kg.parse.tables import parse_source
from kg.readers.base import Source, open_source
from kg.readers.choose import read_tables
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

TABLE = Path(__file__).resolve().parents[2] / "shared" / "tables" / "06-covid-onecell-10e6.txt"
HEAD = [
    "Trial number",
    "Status",
    "Phase",
    "Disease",
    "Cell source",
    "Route",
    "Dose",
    "Patients",
    "Country",
    "Masking",
]
ROWS = [
    [
        "NCT00000001",
        "Recruiting",
        "Phase 1",
        "GVHD",
        "BM",
        "i.v.",
        "2 × 106 cells/kg",
        "12",
        "Norway",
        "Open",
    ],
    [
        "NCT00000002",
        "Completed",
        "Phase 2",
        "Lupus",
        "UC",
        "i.v.",
        "1 × 106 cells/kg",
        "30",
        "New Zealand",
        "Double",
    ],
    [
        "NCT00000003",
        "Recruiting",
        "Phase 1",
        "GVHD",
        "BM",
        "Intrathecal",
        "1 × 107 cells",
        "7",
        "Norway",
        "Open",
    ],
    [
        "NCT00000004",
        "Completed",
        "Phase 3",
        "Lupus",
        "UC",
        "i.v.",
        "3 × 106 cells/kg",
        "41",
        "Chile",
        "Double",
    ],
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def page(rows: list[list[str]], gap: str = "\n\n", head: list[str] = HEAD) -> str:
    cells = [*head, *(cell for row in rows for cell in row)]
    return "Table 3. Made-up trials\n\n" + gap.join(cells) + "\n"


def parse(text: str, lexicon: Lexicon) -> Parsed:
    (parsed,) = parse_source(Source("page.txt", text.encode()), lexicon)
    return parsed


def texts(parsed: Parsed) -> list[list[str]]:
    return [[cell.text for cell in record.cells] for record in parsed.records]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n", "\r\n\r\n"])
def test_rows_are_found_whatever_stands_between_the_cells(gap: str, lexicon: Lexicon):
    parsed = parse(page(ROWS, gap), lexicon)
    assert texts(parsed) == ROWS
    assert parsed.table.layout == "text pasted one cell a line"
    assert (parsed.table.label, parsed.table.caption) == ("Table 3", "Made-up trials")


def test_the_end_of_the_header_is_found_though_nobody_knows_its_last_words(lexicon: Lexicon):
    head = [*HEAD[:-2], "Kontory", "Blindation"]
    parsed = parse(page(ROWS, head=head), lexicon)
    assert [column.header for column in parsed.columns] == head
    assert texts(parsed) == ROWS


@pytest.mark.parametrize("empty", ["", " ", "\u00a0"])
def test_an_empty_cell_stays_empty_and_the_others_in_their_columns(empty: str, lexicon: Lexicon):
    rows = [list(row) for row in ROWS]
    rows[1][3] = rows[2][5] = rows[3][9] = empty
    assert texts(parse(page(rows), lexicon)) == [[cell.strip() for cell in row] for row in rows]


def test_a_cell_of_several_lines_is_one_cell(lexicon: Lexicon):
    rows = [list(row) for row in ROWS]
    rows[0][2] = rows[3][2] = "Phase 1\n\nPhase 2"
    rows[1][6] = "1 × 106 cells/kg\n\nor 2 × 106 cells/kg"
    wanted = [[cell.replace("\n\n", " ") for cell in row] for row in rows]
    assert texts(parse(page(rows), lexicon)) == wanted


def test_a_heading_between_the_rows_becomes_a_column(lexicon: Lexicon):
    head = [cell for cell in HEAD if cell != "Disease"]
    rows = [[cell for cell in row if cell not in ("GVHD", "Lupus")] for row in ROWS]
    text = page([["Graft-versus-host disease"], *rows[:2], ["Lupus"], *rows[2:]], head=head)
    parsed = parse(text, lexicon)
    assert (parsed.columns[0].key, parsed.columns[0].header) == ("disease", "section")
    assert [record.text("disease") for record in parsed.records] == ["Graft-versus-host disease"] * 2 + [
        "Lupus"
    ] * 2
    assert [row[1:] for row in texts(parsed)] == rows


def test_the_page_around_the_table_is_no_row(lexicon: Lexicon):
    text = (
        "Skip to main content\n\n"
        + page(ROWS)
        + "\nFull size table\n\nBM bone marrow, UC umbilical cord\n\nDiscussion\n"
    )
    parsed = parse(text, lexicon)
    assert texts(parsed) == ROWS
    assert parsed.table.legend == "BM bone marrow, UC umbilical cord"
    assert [f.code for f in parsed.table.findings] == ["page-text"]


def test_prose_behind_the_last_row_is_reported(lexicon: Lexicon):
    prose = (
        "We found 12 trials. In 3 of them, patients of all ages were treated; none of these has ended by now."
    )
    parsed = parse(page(ROWS) + f"\n{prose}\n", lexicon)
    assert texts(parsed) == ROWS
    assert (parsed.findings[0].severity, parsed.findings[0].code) == (Severity.WARNING, "text-after-table")


def test_a_header_printed_again_is_left_out(lexicon: Lexicon):
    parsed = parse(page([*ROWS[:2], HEAD, *ROWS[2:]]), lexicon)
    assert texts(parsed) == ROWS
    assert [f.code for f in parsed.table.findings] == ["header-repeated"]


def test_two_tables_on_a_page_stay_two(lexicon: Lexicon):
    other = page(ROWS[2:], head=["Registration", *HEAD[1:]]).replace("Table 3", "Table 4")
    first, second = parse_source(Source("page.txt", f"{page(ROWS[:2])}\n{other}".encode()), lexicon)
    assert (first.table.label, second.table.label) == ("Table 3", "Table 4")
    assert (texts(first), texts(second)) == (ROWS[:2], ROWS[2:])


def test_a_header_without_rows_is_refused(lexicon: Lexicon):
    with pytest.raises(SourceError, match="no rows under it"):
        read_tables(Source("page.txt", page([]).encode()), lexicon)


def test_lines_of_the_source_are_kept(lexicon: Lexicon):
    record = parse(page(ROWS), lexicon).records[1]
    first, last = record.lines
    lines = page(ROWS).split("\n")
    assert (lines[first - 1], lines[last - 1]) == (ROWS[1][0], ROWS[1][-1])


@pytest.mark.skipif(not TABLE.exists(), reason="the shared tables are not part of the repository")
def test_a_table_of_ongoing_trials_is_read_whole(lexicon: Lexicon):
    (table,) = read_tables(open_source(TABLE), lexicon)
    assert isinstance(table, Table)
    (parsed,) = parse_source(open_source(TABLE), lexicon)
    assert [len(record.cells) for record in parsed.records] == [14] * 8
    assert not parsed.quarantined
    assert parsed.records[0].text("phase") == "Phase 1 Phase 2"
    assert parsed.records[2].text("route") == ""
    assert {record.cells[-1].text for record in parsed.records} == {"Controlled", "Uncontrolled"}
