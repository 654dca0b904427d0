"""Grids of any layout become tables: heads, sections, merged cells, turned tables and notes are told apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Row, Table
from kg.readers.base import Source
from kg.readers.document import Document
from kg.readers.grid import Grid, GridRow
from kg.readers.header import columns_named, readable
from kg.readers.numbered import are_values, has_number
from kg.readers.tabulate import tables_of
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

HEADER = "Disease|Cell source|Route|Dose"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def cut(*lines: str, first: int = 1) -> tuple[GridRow, ...]:
    return tuple(
        GridRow(number, number, tuple(cell.strip() for cell in line.split("|")))
        for number, line in enumerate(lines, first)
    )


def grid(*lines: str, **facts: object) -> Grid:
    return Grid(cut(*lines), "a test", **facts)  # type: ignore[arg-type]


def read(lexicon: Lexicon, *grids: Grid) -> tuple[Table, ...]:
    return tables_of(Document(Source("page", b"bytes")), grids, lexicon)


def one(lexicon: Lexicon, *lines: str, **facts: object) -> Table:
    (table,) = read(lexicon, grid(*lines, **facts))
    return table


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def codes(table: Table) -> list[str]:
    return [finding.code for finding in table.findings]


# ---------------------------------------------------------------- heads


def test_the_row_that_names_most_columns_is_the_head_and_the_rest_are_rows(lexicon: Lexicon):
    table = one(lexicon, "Table 3. Trials of cells", HEADER, "lupus|BM|i.v.|1", "GVHD|UC|i.v.|2")
    assert table.header == ("Disease", "Cell source", "Route", "Dose")
    assert (table.header_number, table.label, table.caption) == (2, "Table 3", "Trials of cells")
    assert table.rows[0] == Row(3, 3, ("lupus", "BM", "i.v.", "1"))


@pytest.mark.parametrize(
    ("top", "below", "header"),
    [
        ("Disease|Dose||Patients", "|Cells/kg|Interval|", "Disease|Dose Cells/kg|Dose Interval|Patients"),
        ("Disease|Dose|Dose|Patients", "|Cells/kg|Interval|", "Disease|Dose Cells/kg|Dose Interval|Patients"),
        (
            "Disease|Dose|Dose|Patients",
            "Disease|Cells/kg|Interval|Patients",
            "Disease|Dose Cells/kg|Dose Interval|Patients",
        ),
        ("Disease|Route|Dose|Patients", "||(cells/kg)|(n)", "Disease|Route|Dose (cells/kg)|Patients (n)"),
        (
            "||Treated group||Control group",
            "Disease|Dose|n|Route|n",
            "Disease|Dose|Treated group n|Treated group Route|Control group n",
        ),
    ],
)
def test_two_levels_of_headers_are_put_together(lexicon: Lexicon, top: str, below: str, header: str):
    wanted = header.split("|")
    row = "|".join(f"value {number}" for number in range(len(wanted)))
    table = one(lexicon, top, below, row)
    if top.startswith("||"):
        wanted[1:4] = ["Dose", "Treated group n", "Treated group Route"]
    assert list(table.header) == wanted
    assert len(cells(table)) == 1


@pytest.mark.parametrize(
    "row", ["a|b|c|d|", "a|b|c|d|e", "|b|c|d|e", "lupus||c||e", "Title|b|c|d|e"], ids=str
)
def test_a_row_under_a_head_with_a_nameless_column_is_no_second_level(lexicon: Lexicon, row: str):
    table = one(lexicon, f"{HEADER}|", "first|of|all|the|rows", row)
    assert table.header[:4] == tuple(HEADER.split("|"))
    assert len(cells(table)) == 2


@pytest.mark.parametrize(
    ("below", "header"),
    [
        ("||cells/kg|", "Disease|Route|Dose cells/kg|Patients"),
        ("|of delivery||", "Disease|Route of delivery|Dose|Patients"),
        ("||(× 10⁶)|treated", "Disease|Route|Dose (× 10⁶)|Patients treated"),
        ("||× 106|n", "Disease|Route|Dose × 106|Patients n"),
    ],
)
def test_headers_may_end_on_the_next_row(lexicon: Lexicon, below: str, header: str):
    table = one(lexicon, "Disease|Route|Dose|Patients", below, "lupus|i.v.|1|9")
    assert "|".join(table.header) == header
    assert cells(table) == [("lupus", "i.v.", "1", "9")]


@pytest.mark.parametrize(
    "row", ["||2 × 10⁷|", "|i.v.|1|2", "|||NCT", "|i.v.|twice|many", "||more than twenty-five letters|"]
)
def test_a_first_row_with_a_blank_is_no_end_of_headers(lexicon: Lexicon, row: str):
    assert len(cells(one(lexicon, "Disease|Route|Dose|Patients", row, "lupus|i.v.|1|9"))) == 2


def test_a_head_is_found_below_any_number_of_lines(lexicon: Lexicon):
    assert len(cells(one(lexicon, *["Words of the page"] * 300, HEADER, "a|b|c|d"))) == 1


@pytest.mark.parametrize(
    ("row", "values"),
    [
        ("NCT01234567|Crohn disease|Once", True),
        ("Crohn disease|2 × 10⁶ cells/kg|12|II", True),
        ("Disease|Dose (×10⁶ cells/kg)|Cells × 10^6|N (1:1)", False),
        ("Disease|CD34+ cells/kg|6-month outcome|Patients", False),
    ],
)
def test_a_row_of_amounts_or_with_the_number_of_a_trial_is_no_head(row: str, values: bool):
    assert are_values(row.split("|")) == values


def test_a_row_of_values_under_one_head_is_no_other_head(lexicon: Lexicon):
    row = "Disease of Crohn|Cell source: umbilical cord|NCT01234567|Dose 5 × 10^7 cells|Phase I|20 patients"
    table = one(lexicon, "Disease|Cell source|Trial number|Dose||", row)
    assert (table.header[:2], len(cells(table))) == (("Disease", "Cell source"), 1)


def test_a_title_and_its_text_in_two_cells_are_no_level_of_the_head(lexicon: Lexicon):
    table = one(lexicon, "Title|Trials of cells||", HEADER, "lupus|BM|i.v.|1")
    assert (table.header[0], table.title) == ("Disease", "Trials of cells")


def test_marked_header_rows_with_spans_are_put_together_column_by_column(lexicon: Lexicon):
    rows = (
        GridRow(1, 1, ("Disease", "Treatment", "", ""), header=True, across=(2, 3)),
        GridRow(2, 2, ("", "Route", "Dose", ""), header=True, across=(3,), down=(0,)),
        GridRow(3, 3, ("", "", "low", "high"), header=True, down=(0, 1)),
        GridRow(4, 4, ("lupus", "i.v.", "1", "2")),
    )
    (table,) = read(lexicon, Grid(rows, "a test"))
    assert table.header == (
        "Disease",
        "Treatment Route",
        "Treatment Dose low",
        "Treatment Dose high",
    )
    assert cells(table) == [("lupus", "i.v.", "1", "2")]


def test_a_grid_that_is_all_headers_by_its_mark_up_still_has_rows(lexicon: Lexicon):
    rows = tuple(
        GridRow(row.first_line, row.last_line, row.cells, header=True) for row in cut(HEADER, "a|b|c|d")
    )
    (table,) = read(lexicon, Grid(rows, "a test"))
    assert cells(table) == [("a", "b", "c", "d")]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("cell_source", "cell source"),
        ("cellSource", "cell source"),
        ("TargetSize", "Target Size"),
        ("NCTNumber", "NCT Number"),
        ("NCT", "NCT"),
        ("MSCs", "MSCs"),
        ("i.v.", "i.v."),
    ],
)
def test_a_header_that_a_program_wrote_is_read_as_words(header: str, words: str):
    assert readable(header).lower() == words.lower()


def test_a_unit_does_not_hide_a_header(lexicon: Lexicon):
    cells = [
        "Dose (10^6 cells/kg body weight)",
        "Patients [treated, all of them]",
        "Route per protocol version",
    ]
    assert columns_named(cells, lexicon) == ("dose", "patients", "route")


def test_marks_and_case_do_not_hide_a_header(lexicon: Lexicon):
    assert columns_named(["DISEASE*", "Dose #", "trial_number†"], lexicon) == (
        "disease",
        "dose",
        "trial_number",
    )


# ---------------------------------------------------------------- sections


def test_a_section_row_becomes_the_first_column_of_the_rows_under_it(lexicon: Lexicon):
    table = one(lexicon, HEADER, "Heart|||", "a|b|c|d", "e|f|g|h", "Kidney|||", "i|j|k|l")
    assert table.header == ("section", *HEADER.split("|"))
    assert [row.cells[0] for row in table.rows] == ["Heart", "Heart", "Kidney"]
    assert all(row.inherited == (0,) for row in table.rows)


def test_a_section_may_span_all_columns_or_be_repeated_in_each(lexicon: Lexicon):
    rows = (*cut(HEADER), GridRow(2, 2, ("Heart", "", "", ""), across=(1, 2, 3)), *cut("a|b|c|d", first=3))
    (spanning,) = read(lexicon, Grid(rows, "a test"))
    repeated = one(lexicon, HEADER, "Heart|Heart|Heart|Heart", "a|b|c|d")
    assert cells(spanning) == cells(repeated) == [("Heart", "a", "b", "c", "d")]


def test_rows_above_the_first_section_have_none(lexicon: Lexicon):
    table = one(lexicon, HEADER, "a|b|c|d", "Heart|||", "e|f|g|h")
    assert [(row.cells[0], row.inherited) for row in table.rows] == [("", ()), ("Heart", (0,))]


def test_a_section_directly_under_a_section_is_joined_to_it(lexicon: Lexicon):
    table = one(lexicon, HEADER, "Heart|||", "Acute|||", "a|b|c|d", "Chronic|||", "e|f|g|h")
    assert [row.cells[0] for row in table.rows] == ["Heart; Acute", "Chronic"]


def test_where_sections_come_in_pairs_the_upper_one_holds_until_the_next_pair(lexicon: Lexicon):
    lines = ["Heart|||", "Acute|||", "a|b|c|d", "Chronic|||", "e|f|g|h", "Kidney|||", "Acute|||", "i|j|k|l"]
    table = one(lexicon, HEADER, *lines)
    assert [row.cells[0] for row in table.rows] == ["Heart; Acute", "Heart; Chronic", "Kidney; Acute"]


def test_a_section_with_nothing_under_it_is_a_note(lexicon: Lexicon):
    table = one(lexicon, HEADER, "a|b|c|d", "All doses are those of one infusion|||")
    assert (len(cells(table)), table.legend) == (1, "All doses are those of one infusion")


def test_the_caption_printed_again_is_no_section(lexicon: Lexicon):
    table = one(lexicon, HEADER, "a|b|c|d", "Trials of cells|||", "e|f|g|h", caption="Trials of cells")
    assert table.header == tuple(HEADER.split("|"))
    assert codes(table) == ["page-text"]


@pytest.mark.parametrize("row", ["|||12", "|b||", "12|||", "NCT01234567|||"])
def test_what_cannot_be_a_section_stays_a_row(lexicon: Lexicon, row: str):
    table = one(lexicon, HEADER, "a|b|c|d", row, "e|f|g|h")
    assert len(cells(table)) == 3


def test_a_row_whose_other_cells_are_merged_with_those_above_is_no_section(lexicon: Lexicon):
    rows = (
        *cut(HEADER, "a|b|c|d"),
        GridRow(3, 3, ("lupus", "", "", ""), down=(1, 2, 3)),
        *cut("e|f|g|h", first=4),
    )
    (table,) = read(lexicon, Grid(rows, "a test"))
    assert table.rows[1] == Row(3, 3, ("lupus", "b", "c", "d"), (1, 2, 3))


# ---------------------------------------------------------------- cells from above


def test_a_merged_cell_is_copied_to_each_row_that_it_covers(lexicon: Lexicon):
    rows = (
        *cut(HEADER, "lupus|BM|i.v.|1"),
        GridRow(3, 3, ("", "UC", "", "2"), down=(0, 2)),
        GridRow(4, 4, ("", "AT", "i.m.", "3"), down=(0,)),
    )
    (table,) = read(lexicon, Grid(rows, "a test"))
    assert cells(table)[1:] == [("lupus", "UC", "i.v.", "2"), ("lupus", "AT", "i.m.", "3")]
    assert [row.inherited for row in table.rows] == [(), (0, 2), (0,)]
    assert codes(table) == []


def test_blanks_at_the_beginning_of_a_row_are_those_of_the_row_above(lexicon: Lexicon):
    table = one(lexicon, HEADER, "lupus|BM|i.v.|1", "||i.m.|2", "|UC|i.v.|", "GVHD|UC|i.v.|3")
    assert cells(table)[1:3] == [("lupus", "BM", "i.m.", "2"), ("lupus", "UC", "i.v.", "")]
    assert [row.inherited for row in table.rows] == [(), (0, 1), (0,), ()]
    assert codes(table) == ["cell-inherited"]
    assert "line 3, 4" in table.findings[0].message


def test_a_blank_anywhere_else_stays_blank(lexicon: Lexicon):
    table = one(lexicon, HEADER, "lupus|BM|i.v.|1", "GVHD||i.v.|2", "lupus|BM||")
    assert cells(table)[1:] == [("GVHD", "", "i.v.", "2"), ("lupus", "BM", "", "")]


def test_nothing_is_taken_over_into_another_section_or_from_a_blank(lexicon: Lexicon):
    table = one(lexicon, HEADER, "|BM|i.v.|1", "Heart|||", "lupus|BM|i.v.|1", "Kidney|||", "|UC|i.v.|2")
    assert [row.cells[1] for row in table.rows] == ["", "lupus", ""]
    assert codes(table) == []


def test_a_column_that_is_blank_by_rule_is_not_filled_from_above(lexicon: Lexicon):
    rows = ["lupus|Remark|i.v.|1", *["||i.v.|2"] * 9]
    table = one(lexicon, "Disease|Remarks|Route|Dose", *rows)
    assert {row.cells[:2] for row in list(table.rows)[1:]} == {("lupus", "")}


# ---------------------------------------------------------------- turned tables


def test_a_table_whose_headers_stand_in_its_first_column_is_turned(lexicon: Lexicon):
    lines = ["Trial ID|NCT00000001|NCT00000002", "Disease|lupus|GVHD", "Dose|1|2", "Phase|I|II"]
    table = one(lexicon, "Table 1. Trials", *lines, "BM: bone marrow; UC: umbilical cord||")
    assert table.header == ("Trial ID", "Disease", "Dose", "Phase")
    assert cells(table) == [("NCT00000001", "lupus", "1", "I"), ("NCT00000002", "GVHD", "2", "II")]
    assert (table.layout, codes(table)) == ("a test, transposed", ["table-transposed"])
    assert (table.caption, table.legend) == ("Trials", "BM: bone marrow; UC: umbilical cord")


@pytest.mark.parametrize(
    ("corner", "kept"),
    [("Characteristic", "Characteristic"), ("Study", "Study"), ("Parameters", ""), ("Item", "")],
)
def test_the_corner_of_a_turned_table_is_kept_unless_it_names_what_no_head_holds(
    lexicon: Lexicon, corner: str, kept: str
):
    table = one(
        lexicon, f"{corner}|ALPHA [1]|BETA [2]", "Disease|lupus|GVHD", "Phase|I|II", "Route|i.v.|i.v."
    )
    assert table.header == (kept, "Disease", "Phase", "Route")
    assert cells(table)[1][0] == "BETA [2]"


def test_a_cell_across_two_columns_of_a_turned_table_is_inherited(lexicon: Lexicon):
    rows = (
        *cut("Trial ID|NCT00000001|NCT00000002"),
        GridRow(2, 2, ("Disease", "lupus", ""), across=(2,)),
        *cut("Dose|1|2", "Phase|I|II", first=3),
    )
    (table,) = read(lexicon, Grid(rows, "a test"))
    assert cells(table)[1] == ("NCT00000002", "lupus", "2", "II")
    assert table.rows[1].inherited == (1,)


def test_keys_and_values_are_one_record_and_the_first_key_opens_the_next(lexicon: Lexicon):
    page = ["Trial ID|A1", "Condition|lupus", "Phase|I", "Sponsor|X", "Sponsor|Y", "Target size|9"]
    table = one(lexicon, *page, "Trial ID|A2", "Condition|GVHD", "Phase|II")
    assert table.header == ("Trial ID", "Condition", "Phase", "Sponsor", "Target size")
    assert cells(table) == [("A1", "lupus", "I", "X ; Y", "9"), ("A2", "GVHD", "II", "", "")]
    assert [(row.first_line, row.last_line) for row in table.rows] == [(1, 6), (7, 9)]


def test_a_column_of_diseases_that_holds_words_of_headers_does_not_turn_a_table(lexicon: Lexicon):
    table = one(
        lexicon, HEADER, "Cancer|BM|i.v.|1", "Treatment|BM|i.v.|2", "Dose|BM|i.v.|3", "Phase|BM|i.v.|4"
    )
    assert (len(cells(table)), table.layout) == (4, "a test")


# ---------------------------------------------------------------- which tables, and what is left


def test_other_tables_are_left_out_and_named(lexicon: Lexicon):
    other = grid("Marker|Cells", "CD73|yes", place="table 2 of the page", label="Table 2", caption="Markers")
    (table,) = read(lexicon, other, grid(HEADER, "a|b|c|d"))
    assert codes(table) == ["table-left-out"]
    assert "table 2 of the page (Table 2 Markers)" in table.findings[0].message
    assert table.findings[0].raw == "Marker | Cells"


def test_two_known_headers_are_enough_over_registration_numbers(lexicon: Lexicon):
    assert one(lexicon, "Trial|Company|Dose", "NCT01234567|X|1").header == ("Trial", "Company", "Dose")
    with pytest.raises(SourceError):
        one(lexicon, "Trial|Company|Dose", "ours|X|1")


def test_a_column_of_trial_numbers_beside_titles_makes_a_table_of_trials(lexicon: Lexicon):
    head = ("NCT Number", "Study Title", "Study Status")
    assert one(lexicon, "|".join(head), "NCT01234567|Cells for lupus|Completed").header == head
    with pytest.raises(SourceError):
        one(lexicon, "|".join(head), "ours|Cells for lupus|Completed")


def test_beside_tables_of_trials_a_table_of_methods_is_left_out(lexicon: Lexicon):
    methods = grid("Cell source|Method|Reference", "BM|by density|1", place="table 1")
    tables = read(lexicon, methods, grid(HEADER, "a|b|c|d"), grid("Disease|Phase|Patients", "a|I|3"))
    assert [table.header[0] for table in tables] == ["Disease", "Disease"]


def test_no_table_of_trials_is_an_error_that_says_what_was_seen(lexicon: Lexicon):
    with pytest.raises(SourceError) as caught:
        one(lexicon, "Marker|Cells", "CD73|yes")
    assert "Marker | Cells" in caught.value.raw


def test_a_head_without_rows_is_an_error_with_its_line(lexicon: Lexicon):
    with pytest.raises(SourceError, match="no rows under it"):
        one(lexicon, "A title|||", HEADER, "|||")


def test_the_head_printed_again_is_left_out_on_all_its_levels(lexicon: Lexicon):
    head = ["Disease|Dose||Patients", "|Cells/kg|Interval|"]
    table = one(lexicon, *head, "a|b|c|d", "Table 1. (continued)|||", *head, "e|f|g|h")
    assert [row.first_line for row in table.rows] == [3, 7]
    assert codes(table) == ["page-text", "header-repeated", "header-repeated"]


def test_columns_that_hold_nothing_are_dropped_and_what_is_beyond_the_head_is_kept(lexicon: Lexicon):
    table = one(lexicon, "Disease||Route|Dose|", "a||c|d|", "e||g|h||i", "j||k")
    assert table.header == ("Disease", "Route", "Dose")
    assert cells(table) == [("a", "c", "d"), ("e", "g", "h", "i"), ("j", "k")]


def test_blank_columns_at_the_left_are_no_part_of_the_table(lexicon: Lexicon):
    table = one(lexicon, "|||||", f"||{HEADER}", "||lupus|BM|i.v.|1", "|||UC|i.m.|2")
    assert table.header == tuple(HEADER.split("|"))
    assert table.rows[1] == Row(4, 4, ("lupus", "UC", "i.m.", "2"), (0,))


def test_what_the_grid_knows_wins_over_the_text_around_it(lexicon: Lexicon):
    around = {
        "before": ("A page", "Table 9. Other"),
        "after": ("Read more", "BM, bone marrow; UC, umbilical cord"),
    }
    table = one(lexicon, HEADER, "a|b|c|d", label="Table 2", caption="Trials", doi="10.1000/a", **around)
    assert (table.label, table.caption, table.doi, table.title) == (
        "Table 2",
        "Trials",
        "10.1000/a",
        "A page",
    )
    assert table.legend == "BM, bone marrow; UC, umbilical cord"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("NCT01234567", True),
        ("see NCT 01234567", True),
        ("ChiCTR2000029990", True),
        ("ISRCTN46615946", True),
        ("jRCT2090220384", True),
        ("JPRN-UMIN000013421", True),
        ("2012-004915-30", True),
        ("CTRI/2018/08/015361", True),
        ("COVID-19 pneumonia 2020", False),
        ("1 × 106 cells/kg", False),
        ("2012-2015", False),
    ],
)
def test_a_registration_number_is_known_by_its_shape(text: str, wanted: bool):
    assert has_number(text) is wanted


words = st.text("abc xyz019.,()|/–", max_size=10).map(lambda text: " ".join(text.split()))


@given(st.lists(st.lists(words, min_size=1, max_size=6), max_size=12))
@settings(deadline=None, max_examples=60)
def test_no_cell_of_any_grid_is_lost(lexicon: Lexicon, lines: list[list[str]]):
    rows = [GridRow(number, number, tuple(row)) for number, row in enumerate(lines, 2)]
    whole = (*cut(HEADER, first=1), *rows, *cut("first|second|third|fourth", first=99))
    (table,) = read(lexicon, Grid(whole, "a test"))
    said = [cell for row in table.rows for cell in row.cells]
    said += [*table.header, table.legend, *(finding.raw for finding in table.findings)]
    assert all(any(cell in text for text in said) for row in lines for cell in row)
    assert all(0 <= position < len(row.cells) for row in table.rows for position in row.inherited)
