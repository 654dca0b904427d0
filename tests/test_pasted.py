"""A page that lost its borders keeps its lines, their numbers, and everything around the table."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Severity, Table
from kg.readers.base import Source, open_source
from kg.readers.choose import read_tables
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"

HEADER = "Diseases Cell source Route Dose Frequency Patients Trial number Phase Outcomes Ref"
ROW = "Lupus BM i.v. 2 × 106 cells/kg Once 5 NCT00000001 I Symptoms eased in all. 12"
PAGE = f"""Skip to main content
. 2024 Jan 1;1:1. doi: 10.1000/made-up

Table 3.

Trials of made-up cells

{HEADER}
{ROW}
Asthma UC i.v. 1 × 106 cells/kg Twice 7 NCT00000002 II

  Lung function rose.

13

BM bone marrow, UC umbilical cord, i.v. intravenous
"""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def read(text: str, lexicon: Lexicon) -> Table:
    (table,) = read_tables(Source("page.txt", text.encode()), lexicon)
    return table


def test_everything_around_the_table_is_kept(lexicon: Lexicon):
    table = read(PAGE, lexicon)
    assert (table.label, table.caption, table.title) == ("Table 3", "Trials of made-up cells", "")
    assert table.doi == "10.1000/made-up"
    assert table.legend == "BM bone marrow, UC umbilical cord, i.v. intravenous"
    assert (table.header_line, table.header_number) == (HEADER, 8)
    assert (table.bordered, table.rows, table.findings) == (False, (), ())


def test_lines_are_not_joined_and_keep_their_numbers_and_blanks(lexicon: Lexicon):
    lines = read(PAGE, lexicon).lines
    assert [line.number for line in lines] == [9, 10, 12, 14]
    assert lines[2].text == "  Lung function rose."


def test_a_header_printed_again_is_left_out_and_reported(lexicon: Lexicon):
    page = PAGE.replace(ROW, f"{ROW}\nTable 3. (continued)\n{HEADER}\n{ROW}")
    table = read(page, lexicon)
    assert [line.number for line in table.lines] == [9, 12, 13, 15, 17]
    assert [(f.code, f.severity) for f in table.findings] == [("header-repeated", Severity.INFO)] * 2
    assert "line 10" in table.findings[0].message
    assert "line 11" in table.findings[1].message


def test_rows_go_on_after_a_legend_when_the_header_is_printed_again(lexicon: Lexicon):
    table = read(f"{PAGE}\n{HEADER}\n{ROW}\n", lexicon)
    assert [line.text for line in table.lines][-1] == ROW
    assert table.legend


def test_text_after_the_legend_is_no_row_and_is_reported(lexicon: Lexicon):
    table = read(f"{PAGE}\nDiscussion\n\nCells are discussed.\n", lexicon)
    assert [line.number for line in table.lines] == [9, 10, 12, 14]
    assert [(f.severity, f.code) for f in table.findings] == [(Severity.WARNING, "text-after-table")]
    assert "lines 18 to 20" in table.findings[0].message


def test_links_of_the_page_are_no_rows(lexicon: Lexicon):
    table = read(PAGE.replace("BM bone", "Open in a new tab\n\nBM bone"), lexicon)
    assert [line.number for line in table.lines] == [9, 10, 12, 14]
    assert [finding.code for finding in table.findings] == ["page-text"]


def test_a_legend_of_several_paragraphs_and_footnotes_is_kept_whole(lexicon: Lexicon):
    table = read(f"{PAGE}\n\nOR odds ratio,\nCR complete response\n\n*Made-up footnote\n", lexicon)
    assert table.legend.split("\n")[1:] == ["OR odds ratio,", "CR complete response", "*Made-up footnote"]
    assert table.findings == ()


def test_a_page_with_two_tables_gives_two(lexicon: Lexicon):
    other = HEADER.replace("Diseases", "Condition")
    page = f"{PAGE}\nTable 4.\n\nMore trials\n\n{other}\n{ROW}\n"
    first, second = read_tables(Source("page.txt", page.encode()), lexicon)
    assert (first.label, second.label) == ("Table 3", "Table 4")
    assert (second.caption, second.doi) == ("More trials", "10.1000/made-up")
    assert (second.header_number, [line.number for line in second.lines]) == (22, [23])
    assert (first.sha256, len(first.lines)) == (second.sha256, 4)
    assert first.findings == second.findings == ()


def test_another_header_without_a_label_begins_another_table(lexicon: Lexicon):
    page = f"{HEADER}\n{ROW}\n{ROW}\n{HEADER.replace('Diseases', 'Condition')}\n{ROW}\n"
    tables = read_tables(Source("page.txt", page.encode()), lexicon)
    assert [len(table.lines) for table in tables] == [2, 1]


def test_a_header_that_goes_on_on_the_next_line_is_one(lexicon: Lexicon):
    first, second = HEADER[: HEADER.index(" Phase")], HEADER[HEADER.index("Phase") :]
    table = read(f"Table 1. Trials\n{first}\n{second}\n{ROW}\n{ROW}\n", lexicon)
    assert (table.header_line, len(table.lines)) == (HEADER, 2)


def test_a_header_whose_words_have_grown_together_is_one(lexicon: Lexicon):
    joined = "DiseasesCell sourceRouteDoseFrequencyPatientsTrial numberPhaseRef"
    table = read(f"Table 1. Trials\n{joined}\nGVHDBMi.v.2 × 106 cells/kgOnce5NCT00000001I12\n", lexicon)
    assert (table.header_line, len(table.lines)) == (joined, 1)


def test_the_same_header_under_another_label_is_another_table(lexicon: Lexicon):
    page = f"{PAGE}\nTable 4. More trials\n{HEADER}\n{ROW}\n"
    tables = read_tables(Source("page.txt", page.encode()), lexicon)
    assert [(table.label, len(table.lines)) for table in tables] == [("Table 3", 4), ("Table 4", 1)]


def test_a_caption_that_names_columns_is_not_the_header(lexicon: Lexicon):
    page = PAGE.replace("Trials of made-up cells", "Disease, cell source, route and dose")
    table = read(page, lexicon)
    assert (table.header_line, table.caption) == (HEADER, "Disease, cell source, route and dose")


def test_a_header_without_rows_is_refused_with_its_line(lexicon: Lexicon):
    with pytest.raises(SourceError) as caught:
        read_tables(Source("page.txt", f"Table 1.\n{HEADER}\n\n".encode()), lexicon)
    assert (caught.value.where, caught.value.raw) == ("page.txt, line 2", HEADER)
    assert "no rows under it" in caught.value.what


def test_windows_line_ends_give_the_same_table_but_another_checksum(lexicon: Lexicon):
    unix = read(PAGE, lexicon)
    windows = read(PAGE.replace("\n", "\r\n"), lexicon)
    assert (windows.lines, windows.legend) == (unix.lines, unix.legend)
    assert windows.sha256 != unix.sha256


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))), min_size=1))
@settings(deadline=None, max_examples=60)
def test_no_line_under_a_header_is_lost(lexicon: Lexicon, texts: list[str]):
    page = "\n".join([HEADER, ROW, *texts])
    table = read(page, lexicon)
    wanted = [(n, text) for n, text in enumerate(page.split("\n"), 1) if n > 1 and text.strip()]
    kept = [(line.number, line.text) for line in table.lines]
    assert all(line in wanted for line in kept)
    if len(kept) < len(wanted):
        assert table.legend or table.findings


@pytest.mark.skipif(not SHARED.exists(), reason="the pasted page is not part of the repository")
def test_the_first_page_is_read_whole(lexicon: Lexicon):
    (table,) = read_tables(open_source(SHARED / "seed" / "table2.txt"), lexicon)
    assert (table.source, table.label, table.title) == ("table2.txt", "Table 2", "")
    assert table.doi == "10.1038/s41392-025-02313-9"
    assert table.caption.startswith("Recent advancements")
    assert table.header_line.startswith("Diseases Cell source")
    assert (table.header_number, len(table.lines)) == (8, 95)
    assert table.legend.startswith("i.v. intravenous")
    assert table.findings == ()


@pytest.mark.skipif(not SHARED.exists(), reason="the pasted page is not part of the repository")
def test_the_row_of_the_first_page_that_spans_lines_comes_in_pieces(lexicon: Lexicon):
    (table,) = read_tables(open_source(SHARED / "seed" / "table2.txt"), lexicon)
    at = next(i for i, line in enumerate(table.lines) if "ChiCTR2000029990" in line.text)
    assert [line.number for line in table.lines[at : at + 5]] == [66, 68, 70, 72, 73]
    assert table.lines[at + 3].text == "525"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not part of the repository")
def test_a_page_with_numbered_rows_is_read(lexicon: Lexicon):
    (table,) = read_tables(open_source(SHARED / "tables" / "13-parkinson-flat-M.txt"), lexicon)
    assert (table.label, table.doi, len(table.lines)) == ("Table 1", "10.1093/stcltm/szad041", 11)


def test_what_stands_in_one_table_is_no_title_and_no_doi_of_the_next(lexicon: Lexicon):
    one = f"Table 1. One\n{HEADER}\n{ROW}\nBM bone marrow, see doi:10.1000/cited\n"
    tables = read_tables(Source("page.txt", f"{one}Table 2. Two\n{HEADER}\n{ROW}\n".encode()), lexicon)
    assert [(table.label, table.title, table.doi) for table in tables] == [
        ("Table 1", "", ""),
        ("Table 2", "", ""),
    ]


def test_short_forms_behind_a_gap_are_a_legend_though_their_words_begin_otherwise(lexicon: Lexicon) -> None:
    legend = "KP50: half of the points lost; SLE: systemic lupus erythematosus."
    row = "NCT0123000{} SLE BM-MSC IV 12 I Better"
    text = "\n".join(
        ["Table 1", "", "NCT number Disease Cell type Route Patients Phase Outcome", *map(row.format, "1234")]
    )
    (table,) = read_tables(Source("page.txt", f"{text}\n\n{legend}\n".encode()), lexicon)
    assert (table.legend, len(table.lines)) == (legend, 4)
    (table,) = read_tables(Source("page.txt", f"{text}\n{legend}\n".encode()), lexicon)
    assert len(table.lines) == 5, "without a gap it may be more of the outcome above"
