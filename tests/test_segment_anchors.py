"""Rows over several lines that show where they begin or end, and cells that their column reads only in part."""

from __future__ import annotations

import pytest

from kg.model import Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def parse(lexicon: Lexicon, header: str, *lines: str) -> Parsed:
    text = "\n".join(
        ["Table 1", "Trials of cells", "", header, *lines, "", "IV, intravenous; IT, intrathecal"]
    )
    (parsed,) = parse_source(Source("page.txt", text.encode()), lexicon)
    return parsed


def column(parsed: Parsed, key: str) -> list[str]:
    return [record.text(key) for record in parsed.records]


STUDIES = "Study Disease Cell type Route Cell dose Patients Phase Main results"


def test_a_row_begins_where_its_author_does_and_takes_the_lines_up_to_the_next(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        STUDIES,
        "Olsen et al. (2011) Ischemic stroke BM-MSC IV 1 × 106 cells/kg 12 I Walked further at 3 and",
        "6 months, nobody fell ill",
        "Iwata et al. (2014) Ischemic",
        "stroke UC-MSC IV 2 × 106 cells/kg 30 II No gain",
        "Perez et al. (2018) Ischemic stroke BM-MSC IV 5 × 106 cells/kg 8 I Scores",
        "rose by two points",
    )
    assert not parsed.quarantined
    assert [record.lines for record in parsed.records] == [(5, 6), (7, 8), (9, 10)]
    assert column(parsed, "disease") == ["Ischemic stroke"] * 3
    assert column(parsed, "outcome")[0] == "Walked further at 3 and 6 months, nobody fell ill"


def test_a_line_between_rows_with_authors_is_a_heading_where_one_stands_over_the_first(
    lexicon: Lexicon,
) -> None:
    parsed = parse(
        lexicon,
        STUDIES.replace("Disease ", ""),
        "Multiple sclerosis",
        "Olsen et al. (2011) BM-MSC IV 1 × 106 cells/kg 12 I Fewer relapses",
        "Iwata et al. (2014) UC-MSC IV 2 × 106 cells/kg 30 II Slower decline of",
        "Walking speed",
        "Psoriasis",
        "Perez et al. (2018) BM-MSC IV 5 × 106 cells/kg 8 I Less itch",
    )
    assert column(parsed, "disease") == ["Multiple sclerosis", "Multiple sclerosis", "Psoriasis"]
    assert column(parsed, "outcome")[1] == "Slower decline of Walking speed"


def test_a_row_ends_at_its_bracketed_reference_also_when_its_first_word_is_unknown(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "Disease Cell source Dose Patients Trial number Phase Outcome Ref",
        "Crohn disease BM-MSC 1 × 106 cells/kg 10 NCT01230001 I Fistulas closed in",
        "six patients [12]",
        "Relapsing Qwertian",
        "psoriasis UC-MSC 2 × 106 cells/kg 15 NCT01230002 II Less itch [13]",
        "Crohn disease UC-MSC 2 × 106 cells/kg 20 NCT01230003 II No change [14]",
    )
    assert not parsed.quarantined
    assert column(parsed, "reference") == ["[12]", "[13]", "[14]"]
    assert column(parsed, "disease")[1] == "Relapsing Qwertian psoriasis"


def test_a_number_of_patients_goes_on_with_who_they_are_up_to_the_cells(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "Trial number Patients Cells Route Dose Phase",
        "NCT01230001 9 preterm infants at risk of BPD UC-MSC IV 1 × 106 cells/kg I",
        "NCT01230002 24 adults with psoriasis BM-MSC IV 2 × 106 cells/kg II",
        "NCT01230003 12 children UC-MSC IV 1 × 106 cells/kg I",
    )
    assert column(parsed, "patients") == [
        "9 preterm infants at risk of BPD",
        "24 adults with psoriasis",
        "12 children",
    ]
    assert column(parsed, "cell_source") == ["UC-MSC", "BM-MSC", "UC-MSC"]
    assert [record.patients for record in parsed.records] == [9, 24, 12]


def test_a_row_whose_numbers_are_sure_is_read_with_doubts_about_the_names_between_them(
    lexicon: Lexicon,
) -> None:
    parsed = parse(
        lexicon,
        "Trial number Disease Cell type Donor Route Dose Patients Phase",
        "NCT01230001 Psoriasis BM-MSC Autologous Intravenous 1 × 106 cells/kg 10 I",
        "NCT01230002 Psoriasis UC-MSC Allogeneic Intravenous 1 × 106 cells/kg 12 I",
        "NCT01230003 Psoriasis Zxqder islets Autologous Outer zarn fold sheath 2 × 106 cells/kg 3 I",
    )
    assert not parsed.quarantined
    last = parsed.records[-1]
    assert (last.patients, last.text("dose")) == (3, "2 × 106 cells/kg")
    assert min(cell.confidence for cell in last.cells) < 0.9
    assert "cut-uncertain" in [finding.code for finding in last.findings]


def test_bracketed_references_beside_bare_ones_do_not_join_rows(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "Disease Cell source Dose Patients Phase Outcome Ref",
        "Crohn disease BM-MSC 1 × 106 cells/kg 10 I No change. [12]",
        "Psoriasis UC-MSC 2 × 106 cells/kg 15 II Less itch. 13",
        "Psoriasis UC-MSC 3 × 106 cells/kg 16 II Less itch. 15",
        "Crohn disease UC-MSC 2 × 106 cells/kg 20 II No change. [14]",
    )
    assert [record.lines for record in parsed.records] == [(5, 5), (6, 6), (7, 7), (8, 8)]


CITED = "Author (Year) Phase Patients Cell type Dose Route Follow-up Main findings Ref."


def test_an_author_at_the_end_of_a_line_begins_a_row_whose_year_stands_below(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        CITED.replace(" Ref.", ""),
        "Olsen et al.",
        "(2011) I/II 15 BM-MSC 2 × 10^6 cells/kg IV 6 months Walked",
        "further than before",
        "Iwata et al. (2014) II 22 UC-MSC 1 × 10^7 cells IT 12",
        "months No gain",
        "van Dorp et al.",
        "(2018) I 9 BM-MSC 5 × 10^6 cells/kg IV 6 months Fewer falls",
    )
    assert not parsed.quarantined
    assert column(parsed, "reference") == [
        "Olsen et al. (2011)", "Iwata et al. (2014)", "van Dorp et al. (2018)"
    ]  # fmt: skip
    assert [record.lines for record in parsed.records] == [(5, 7), (8, 9), (10, 11)]


def test_the_number_of_a_work_in_brackets_is_a_cell_of_its_own_beside_the_authors(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        CITED,
        "Olsen et al. (2011) I/II 15 BM-MSC 2 × 10^6 cells/kg IV 6 months Better in most patients [7]",
        "Iwata et al. (2014) II 22 UC-MSC 1 × 10^7 cells IT 12 months No gain [8, 9]",
        "Perez et al. (2018) I 9 BM-MSC 5 × 10^6 cells/kg IV 6 months Fewer falls [10]",
    )
    assert column(parsed, "outcome") == ["Better in most patients", "No gain", "Fewer falls"]
    assert [record.cells[-1].text for record in parsed.records] == ["[7]", "[8, 9]", "[10]"]
