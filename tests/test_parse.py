"""Rows → records: cells that explain each other, and what is doubtful about a whole row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.model import Parsed, Record, Row, Table
from kg.parse.plan import SAMPLE, plan_table
from kg.parse.tables import parse_source, plan_source
from kg.readers.base import Source
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

HEADER = "Disease,Cell source,Route,Dose,Frequency,Patients,Trial number,Phase,Outcome,Ref"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def parse(text: str, lexicon: Lexicon) -> Parsed:
    (parsed,) = parse_source(Source("made-up.csv", text.encode()), lexicon)
    return parsed


def record(row: str, lexicon: Lexicon, caption: str = "Trials of cells") -> Record:
    parsed = parse(f"Table 1.\n{caption}\n\n{HEADER}\n{row}\n", lexicon)
    (found,) = parsed.records
    return found


def codes(found: Record) -> set[str]:
    return {finding.code for finding in found.findings}


def test_doses_go_with_routes_where_both_are_listed_and_joined_by_and(lexicon: Lexicon) -> None:
    found = record(
        "ALS,BM,Intrathecal and Intramuscular,1 × 108 cells and 4 × 107 cells,Once,3,,I,Fine,1", lexicon
    )
    assert [dose.route and dose.route.name for dose in found.doses or ()] == ["intrathecal", "intramuscular"]


@pytest.mark.parametrize(
    ("route", "dose"),
    [
        ("i.v. and intrathecal", "3 × 108 or 1.5 × 107 cells"),
        ("i.v. or intrathecal", "3 × 108 cells and 1.5 × 107 cells"),
        ("i.v.", "3 × 108 cells and 1.5 × 107 cells"),
    ],
)
def test_doses_are_not_paired_with_routes_on_a_guess(route: str, dose: str, lexicon: Lexicon) -> None:
    found = record(f"MS,UC,{route},{dose},Once,3,,I,Fine,1", lexicon)
    assert found.doses
    assert all(one.route is None for one in found.doses)


def test_one_hundred_and_six_patients_stay_one_hundred_and_six(lexicon: Lexicon) -> None:
    found = record("GVHD,BM,i.v.,2 × 106 cells/kg,Once,106,,I,Fine,1", lexicon)
    assert found.patients == 106
    assert found.doses
    assert found.doses[0].low == 2_000_000


def test_a_number_older_than_the_disease_is_a_warning(lexicon: Lexicon) -> None:
    found = record("COVID-19,BM,i.v.,2 × 106 cells/kg,Once,9,NCT02097641,I,Fine,1", lexicon)
    assert "registration-older-than-disease" in codes(found)


@pytest.mark.parametrize(
    "row",
    [
        "COVID-19,BM,i.v.,2 × 106 cells/kg,Once,9,NCT04333368,I,Fine,1",
        "ARDS,BM,i.v.,2 × 106 cells/kg,Once,9,NCT02097641,I,Fine,1",
        "COVID-19,BM,i.v.,2 × 106 cells/kg,Once,9,IRCT2017010531786N1,I,Fine,1",
    ],
)
def test_a_number_that_may_be_young_enough_is_no_warning(row: str, lexicon: Lexicon) -> None:
    assert "registration-older-than-disease" not in codes(record(row, lexicon))


def test_the_donor_is_taken_from_the_outcome_only_where_it_qualifies_the_cells(lexicon: Lexicon) -> None:
    said = record(
        "SLE,Adipose,i.v.,2 × 106 cells/kg,Once,9,,I,Allogeneic AD-MSC infusion was safe,1", lexicon
    )
    other = record(
        "SLE,Adipose,i.v.,2 × 106 cells/kg,Once,9,,I,Relapse after allogeneic transplantation,1", lexicon
    )
    assert said.donor is not None
    assert said.donor.name == "allogeneic"
    assert other.donor is None


def test_the_product_is_taken_from_the_caption_where_no_cell_says_it(lexicon: Lexicon) -> None:
    row = "CD,Adipose,Intralesional,N.A.,Once,9,,I,Fine,1"
    found = record(row, lexicon, caption="Recent trials that used MSCs")
    assert found.product is not None
    assert found.product.label == "cells"
    assert "product-from-context" in codes(found)
    assert record(row, lexicon, caption="Recent trials").product is None


def test_vesicles_made_from_cells_are_vesicles(lexicon: Lexicon) -> None:
    found = record("COVID-19,BM-MSC-EV,i.v.,15 mL,Once,9,,I,Fine,1", lexicon)
    assert found.product is not None
    assert found.product.label == "extracellular vesicles"


def test_a_column_that_the_table_does_not_have_is_none_and_one_that_is_empty_is_not(lexicon: Lexicon) -> None:
    (found,) = parse("Disease,Dose,Patients,Ref\nGVHD,N.A.,,1\n", lexicon).records
    assert (found.doses, found.routes, found.registrations, found.outcome) == ((), None, None, None)
    assert found.patients is None


def test_a_legend_overrides_an_ambiguous_form_of_its_own_table(lexicon: Lexicon) -> None:
    rows = "Disease,Cell source,Patients,Ref\nAD,BM,9,1\n"
    plain = parse(rows, lexicon).records[0]
    legend = "\nAD: atopic dermatitis; BM: bone marrow; i.v.: intravenous; UC: umbilical cord"
    explained = parse(rows + legend, lexicon).records[0]
    assert plain.diseases
    assert explained.diseases
    assert plain.diseases.concepts[0].label == "Alzheimer disease"
    assert explained.diseases.concepts[0].label == "atopic dermatitis"


def test_a_row_of_the_wrong_width_is_quarantined_with_its_text(lexicon: Lexicon) -> None:
    parsed = parse(f"{HEADER}\nGVHD,BM,i.v.\nGVHD,BM,i.v.,2 × 106 cells/kg,Once,9,,I,Fine,1\n", lexicon)
    assert [one.row for one in parsed.records] == [2]
    (away,) = parsed.quarantined
    assert (away.row, away.text, away.finding.code) == (1, "GVHD | BM | i.v.", "row-width")


def test_cells_of_unknown_columns_are_kept_under_their_header(lexicon: Lexicon) -> None:
    (found,) = parse("Disease,Dose,Patients,Weather\nGVHD,N.A.,9,sunny\n", lexicon).records
    assert found.text("Weather") == "sunny"


def test_findings_name_the_column_that_they_are_about(lexicon: Lexicon) -> None:
    found = record("GVHD,BM,i.v.,2 × 106 cells/kg,Once,9,NCT0291768,I,Fine,1", lexicon)
    columns = {finding.code: finding.column for finding in found.findings}
    assert columns["exponent-restored"] == "dose"
    assert columns["registration-malformed"] == "trial_number"


def ragged(*rows: str, lexicon: Lexicon) -> Parsed:
    """Parse rows of a table with six columns, of which some rows have fewer or more cells."""
    header = "Disease,Cell source,Route,Dose,Patients,Trial number"
    whole = "COVID-19,UC-MSC,i.v.,2 × 10^6 cells/kg,9,NCT04313322"
    return parse("\n".join([header, whole, *rows, whole]) + "\n", lexicon)


def test_a_row_whose_first_cells_span_from_above_gets_them(lexicon: Lexicon) -> None:
    parsed = ragged("BM-MSC,intrathecal,1 × 10^7 cells,12,NCT04252118", lexicon=lexicon)
    found = parsed.records[1]
    assert [found.text(key) for key in ("disease", "cell_source", "trial_number")] == [
        *("COVID-19", "BM-MSC", "NCT04252118")
    ]
    assert "row-aligned" in codes(found)
    cell = found.cell("disease")
    assert cell is not None
    assert cell.confidence < 1


def test_cells_missing_at_the_end_of_a_row_are_blank(lexicon: Lexicon) -> None:
    found = ragged("GVHD,BM-MSC,intrathecal,1 × 10^7 cells,12", lexicon=lexicon).records[1]
    assert (found.text("disease"), found.patients, found.registrations) == ("GVHD", 12, ())


def test_a_separator_inside_a_cell_is_healed_where_only_one_way_fits(lexicon: Lexicon) -> None:
    found = ragged("GVHD,BM-MSC,i.v.,1,2 × 10^6 cells/kg,12,NCT04252118", lexicon=lexicon)
    (one,) = [record for record in found.records if record.row == 2]
    assert (one.text("dose"), one.patients) == ("1, 2 × 10^6 cells/kg", 12)


@pytest.mark.parametrize("row", ["GVHD,BM-MSC", "what,is,this", "a,b,c,d,e,f,g,h,i,j,k,l"])
def test_a_ragged_row_that_fits_in_no_clear_way_is_quarantined(row: str, lexicon: Lexicon) -> None:
    parsed = ragged(row, lexicon=lexicon)
    assert [away.finding.code for away in parsed.quarantined] == ["row-width"]
    assert [record.row for record in parsed.records] == [1, 3]


class _Counted:
    """Rows that are made one by one, and that know how many were asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made = 0

    def __iter__(self) -> Iterator[Row]:
        for number in range(self.count):
            self.made += 1
            cells = ("GVHD", "BM-MSC", f"{number % 7 + 1} × 10^6 cells/kg", str(number))
            yield Row(number + 2, number + 2, cells)


def test_rows_are_read_one_by_one_and_never_all_held(lexicon: Lexicon) -> None:
    rows = _Counted(1_000_000)
    header = ("Disease", "Cell source", "Dose", "Patients")
    plan = plan_table(Table("long.csv", "0" * 64, header=header, rows=rows), lexicon)
    assert rows.made <= 2 * SAMPLE
    rows.made = 0
    first = [item for item, _ in zip(plan.read(), range(5), strict=False) if isinstance(item, Record)]
    assert [record.patients for record in first] == [0, 1, 2, 3, 4]
    assert rows.made <= 6


def test_a_plan_reads_what_parsing_a_table_gives(lexicon: Lexicon) -> None:
    source = Source("made-up.csv", f"{HEADER}\nGVHD,BM,i.v.,2 × 106 cells/kg,Once,9,,I,Fine,1\n".encode())
    (plan,) = plan_source(source, lexicon)
    assert tuple(plan.read()) == parse_source(source, lexicon)[0].records == tuple(plan.read())
