"""The ledger: every cell once, and the states add up."""

from __future__ import annotations

import csv
import io

import pytest

from kg.build.ledger import HEADER, count_states, ledger_rows, write_ledger
from kg.model import Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.vocabulary.load import bundled_lexicon

CSV = """Disease,Cell source,Dose,Weather,Ref
GVHD,BM,2 × 106 cells/kg,sunny,1
Weeping sore syndrome,UC,N.A.,"rain, snow",2
GVHD,BM,1,2,3,4,5,6,7,8
Stroke,BM,much,,4
"""


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    (table,) = parse_source(Source("made-up.csv", CSV.encode()), bundled_lexicon())
    return table


def test_every_cell_of_every_row_stands_in_the_ledger_once(parsed: Parsed) -> None:
    places = [(row[2], row[4]) for row in ledger_rows([parsed])]
    assert len(places) == len(set(places)) == 4 * 5


def test_the_states_add_up_to_rows_times_columns(parsed: Parsed) -> None:
    counts = count_states([parsed])
    assert sum(counts.values()) == 4 * 5
    assert counts["quarantined"] == 5
    assert counts["empty"] == 2
    assert counts["unrecognised"] >= 2


def test_a_quarantined_row_keeps_its_text_and_the_reason(parsed: Parsed) -> None:
    away = [dict(zip(HEADER, row, strict=True)) for row in ledger_rows([parsed]) if row[6] == "quarantined"]
    assert away[0]["text"] == "GVHD | BM | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8"
    assert "10 cells" in away[0]["reason"]


def test_the_spans_point_at_the_words_of_the_value(parsed: Parsed) -> None:
    dose = next(
        dict(zip(HEADER, row, strict=True))
        for row in ledger_rows([parsed])
        if row[2] == "1" and row[4] == "dose"
    )
    start, end = map(int, str(dose["spans"]).split()[0].split("-"))
    assert dose["text"][start:end].startswith("2 × 106")
    assert dose["rule"]


def test_the_ledger_reads_back_from_its_csv(parsed: Parsed) -> None:
    text = "".join(write_ledger([parsed]))
    assert [tuple(row) for row in csv.reader(io.StringIO(text))] == [HEADER, *ledger_rows([parsed])]


def test_no_field_of_the_ledger_is_a_formula() -> None:
    table = b"Disease,Cell source,Route,=HYPERLINK(1)\n=SUM(A1),@BM,+IV,-\n"
    tables = parse_source(Source("=1.csv", table), bundled_lexicon())
    rows = list(csv.DictReader(io.StringIO("".join(write_ledger(tables)))))
    assert [row["text"] for row in rows] == ["'=SUM(A1)", "'@BM", "'+IV", "-"]
    assert {row["source"] for row in rows} == {"'=1.csv"}
    assert rows[3]["header"] == "'=HYPERLINK(1)"


def test_a_cell_that_holds_several_things_is_one_line_under_all_their_names() -> None:
    table = """Disease,Cell source,Dosage and delivery route,Ref
GVHD,BM,"2 × 10⁶ cells/kg, IV",1
GVHD,UC,"1 × 10⁶ cells/kg, intravenously",2
Stroke,BM,N/A,3
"""
    tables = parse_source(Source("made-up.csv", table.encode()), bundled_lexicon())
    rows = [dict(zip(HEADER, row, strict=True)) for row in ledger_rows(tables)]
    assert sum(count_states(tables).values()) == len(rows) == 3 * 4
    course = [row for row in rows if row["header"] == "Dosage and delivery route"]
    assert {row["column"] for row in course} == {"dose+route"}
    assert [row["state"] for row in course] == ["mapped", "mapped", "empty"]
    assert course[0]["spans"] == "0-16 18-20"
