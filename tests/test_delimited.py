"""Tables with delimiters come back cell for cell, whatever the dialect, and nothing around them is lost."""

import csv
import dataclasses
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Severity, Table
from kg.readers.base import Source, open_source
from kg.readers.choose import read_tables
from kg.readers.separated import split_rows, stream_rows
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon
from kg.vocabulary.text import squeeze

SHARED = Path(__file__).resolve().parents[2] / "shared"

HEADER = ["Disease", "Cell source", "Dose", "Remarks"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def read(text: str, lexicon: Lexicon) -> Table:
    (table,) = read_tables(Source("trials.csv", text.encode()), lexicon)
    return table


def written(rows: list[list[str]], **dialect: object) -> str:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


# ---------------------------------------------------------------- cells and rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_content(lexicon: Lexicon, delimiter: str):
    table = read(delimiter.join(HEADER) + "\n" + delimiter.join("abcd") + "\n", lexicon)
    assert (list(table.header), table.header_number, table.bordered) == (HEADER, 1, True)
    assert [(row.cells, row.first_line, row.last_line) for row in table.rows] == [
        (("a", "b", "c", "d"), 2, 2)
    ]


def test_a_header_as_programs_write_it_is_found(lexicon: Lexicon):
    table = read("disease,cell_source,trial_number\na,b,c\n", lexicon)
    assert table.header == ("disease", "cell_source", "trial_number")


def test_the_last_line_needs_no_newline(lexicon: Lexicon):
    assert len(read("Disease,Route,Dose\na,b,c", lexicon).rows) == 1


def test_quotes_commas_and_line_ends_in_a_cell_are_text(lexicon: Lexicon):
    table = read('Disease,Route,Dose\n"a, ""b""\nc",d,e\nf,g,h\n', lexicon)
    assert [row.cells for row in table.rows] == [('a, "b" c', "d", "e"), ("f", "g", "h")]
    assert [(row.first_line, row.last_line) for row in table.rows] == [(2, 3), (4, 4)]


def test_a_header_cell_may_span_lines(lexicon: Lexicon):
    table = read('Title line\nDisease,"Cell\nsource",Dose\na,b,c\n', lexicon)
    assert (table.header, table.header_number) == (("Disease", "Cell source", "Dose"), 2)
    assert table.rows[0].first_line == 4


def test_a_quote_that_does_not_end_its_cell_is_text_and_is_reported(lexicon: Lexicon):
    table = read('Disease,Route,Dose\n"a b,c,d\n"x" y,e,f\n6" z,g,h\n', lexicon)
    assert [row.cells for row in table.rows] == [('"a b', "c", "d"), ('"x" y', "e", "f"), ('6" z', "g", "h")]
    assert [(f.severity, f.code) for f in table.findings] == [(Severity.WARNING, "quote-unclosed")] * 2
    assert "line 2" in table.findings[0].message


def test_a_row_with_more_or_fewer_cells_stays_as_it_is(lexicon: Lexicon):
    table = read("Disease,Route,Dose\na,b\na,b,c,d\n", lexicon)
    assert [row.cells for row in table.rows] == [("a", "b"), ("a", "b", "c", "d")]


def test_blank_rows_are_skipped_and_the_line_numbers_stay_right(lexicon: Lexicon):
    table = read("Disease,Route,Dose\n\na,b,c\n,,\n  \nd,e,f\n", lexicon)
    assert [row.first_line for row in table.rows] == [3, 6]


def test_empty_cells_are_cells(lexicon: Lexicon):
    assert read("Disease,Route,Dose\n,b,\n", lexicon).rows[0].cells == ("", "b", "")


def test_a_header_printed_again_is_left_out_and_reported(lexicon: Lexicon):
    table = read("Disease,Route,Dose\na,b,c\nDisease,Route,Dose\nd,e,f\n", lexicon)
    assert [row.first_line for row in table.rows] == [2, 4]
    assert [(f.code, "line 3" in f.message) for f in table.findings] == [("header-repeated", True)]


def test_dangerous_looking_text_is_only_text(lexicon: Lexicon):
    cells = ["<script>alert('x')</script>", '\\"; DROP TABLE', "=1+1", "😀 \\n"]
    assert read(written([HEADER, cells]), lexicon).rows[0].cells == tuple(cells)


def test_a_cell_of_a_megabyte_is_read(lexicon: Lexicon):
    huge = "x " * 500_000 + '"'
    table = read(written([HEADER, ["a", huge, "c", "d"]]), lexicon)
    assert table.rows[0].cells[1] == squeeze(huge)


def test_a_header_without_rows_is_refused_with_its_line(lexicon: Lexicon):
    with pytest.raises(SourceError) as caught:
        read("A title\nDisease,Route,Dose\n\n", lexicon)
    assert caught.value.where == "trials.csv, line 2"
    assert "no rows under it" in caught.value.what


def test_columns_that_hold_nothing_at_all_are_no_columns(lexicon: Lexicon):
    table = read("Disease,Route,Dose,,\na,b,c,,\nd,e,,,\n", lexicon)
    assert table.header == ("Disease", "Route", "Dose")
    assert [row.cells for row in table.rows] == [("a", "b", "c"), ("d", "e", "")]


def test_a_column_without_a_header_is_kept_when_a_row_has_something_in_it(lexicon: Lexicon):
    table = read("Disease,Route,Dose,,\na,b,c,,\nd,e,f,g,\n", lexicon)
    assert table.header == ("Disease", "Route", "Dose", "")
    assert table.rows[1].cells == ("d", "e", "f", "g")


def test_a_paragraph_in_a_cell_of_a_browsers_copy_does_not_break_the_row(lexicon: Lexicon):
    pieces = "a\tb\tFirst part.\n\nSecond part.\n\nThird part.\td\n"
    table = read("\t".join(HEADER) + f"\n{pieces}e\tf\tg\th\n", lexicon)
    assert [row.cells for row in table.rows] == [
        ("a", "b", "First part. Second part. Third part.", "d"),
        ("e", "f", "g", "h"),
    ]
    assert [(row.first_line, row.last_line) for row in table.rows] == [(2, 6), (7, 7)]
    assert [(f.severity, f.code) for f in table.findings] == [(Severity.INFO, "row-joined")]
    assert "lines 2 to 6" in table.findings[0].message


def test_pieces_that_do_not_make_exactly_one_row_are_left_alone(lexicon: Lexicon):
    table = read("\t".join(HEADER) + "\na\tb\nc\td\te\tf\ng\th\ti\nj\tk\tl\n", lexicon)
    assert [len(row.cells) for row in table.rows] == [2, 4, 3, 3]
    assert table.findings == ()


# ---------------------------------------------------------------- around the rows


def test_a_line_that_only_names_the_delimiter_is_no_caption(lexicon: Lexicon):
    table = read("sep=;\nDisease;Route;Dose\na;b;c\n", lexicon)
    assert (table.caption, table.title, table.header_number) == ("", "", 2)


def test_lines_before_the_header_are_title_label_caption_and_doi(lexicon: Lexicon):
    before = 'Cells in medicine\n"Table 3.",,\n"Trials of cells, by disease",,\ndoi: 10.1000/a,,\n\n'
    table = read(f"{before}Disease,Route,Dose\na,b,c\n", lexicon)
    assert (table.title, table.label) == ("Cells in medicine", "Table 3")
    assert (table.caption, table.doi) == ("Trials of cells, by disease", "10.1000/a")
    assert (table.header_number, table.rows[0].first_line) == (6, 7)


def test_a_key_and_its_value_may_stand_in_two_cells(lexicon: Lexicon):
    table = read("Title,Cells in medicine,\nDOI,10.1000/a,\nDisease,Route,Dose\na,b,c\n", lexicon)
    assert (table.title, table.doi) == ("Cells in medicine", "10.1000/a")


def test_an_unquoted_caption_with_commas_stays_whole(lexicon: Lexicon):
    table = read("Table 1. Trials of cells, vesicles, and more\nDisease,Route,Dose\na,b,c\n", lexicon)
    assert table.caption == "Trials of cells, vesicles, and more"


@pytest.mark.parametrize(
    "legend",
    [
        '"BM, bone marrow; UC, umbilical cord"',
        "BM, bone marrow; UC, umbilical cord; OR, odds ratio",
        '"BM, bone marrow; UC, umbilical cord",,',
        "Abbreviations: BM bone marrow; UC umbilical cord",
        "* Doses are rounded",
    ],
)
def test_lines_after_the_rows_are_the_legend(lexicon: Lexicon, legend: str):
    table = read(f"Disease,Route,Dose\na,b,c\n\n{legend}\n", lexicon)
    assert len(table.rows) == 1
    assert table.legend == legend.strip('",')


def test_a_row_in_the_shape_of_the_header_is_never_a_legend(lexicon: Lexicon):
    cells = ["BM bone marrow", "UC umbilical cord", "OR odds ratio", "CR complete response"]
    table = read(written([HEADER, cells]), lexicon)
    assert (len(table.rows), table.legend) == (1, "")


def test_a_lone_cell_above_rows_is_a_section_and_one_below_them_a_note(lexicon: Lexicon):
    table = read("Disease,Route,Dose\nHeart,,\na,b,c\nKidney\nd,e,f\nLung,,\n", lexicon)
    assert table.header == ("section", "Disease", "Route", "Dose")
    assert [row.cells for row in table.rows] == [("Heart", "a", "b", "c"), ("Kidney", "d", "e", "f")]
    assert (table.legend, table.rows[0].inherited) == ("Lung", (0,))


def test_a_page_whose_sentences_have_commas_is_not_cut_at_them(lexicon: Lexicon):
    page = "Disease, cell source, route, dose\n\nDisease Cell source Route Dose Phase\nLupus BM i.v. 5 mL I\n"
    assert not read(page, lexicon).bordered


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not part of the repository")
def test_a_table_copied_with_tabs_is_read(lexicon: Lexicon):
    (table,) = read_tables(open_source(SHARED / "tables" / "18-mixed-tsv.tsv"), lexicon)
    assert (table.label, table.caption) == ("Table 1", "Summary of the clinical application of MSCs.")
    assert (len(table.rows), len(table.header)) == (15, 7)
    assert table.legend.startswith("aGVHD, acute")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not part of the repository")
def test_a_registry_export_with_commas_is_read(lexicon: Lexicon):
    (table,) = read_tables(open_source(SHARED / "tables" / "37-ctgov-SearchResults-legacy.csv"), lexicon)
    assert (len(table.rows), len(table.header)) == (6, 27)
    assert all(len(row.cells) == 27 for row in table.rows)


# ---------------------------------------------------------------- round trips

printable = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=12)
spiced = st.text("ab ,;\t\"'\n\r|=", max_size=8)
rows_of_cells = st.lists(
    st.tuples(st.just("row"), *[printable | spiced] * 3).filter(lambda row: any(map(str.strip, row[1:]))),
    min_size=1,
    max_size=8,
)


@given(
    rows=st.lists(st.lists(spiced | printable, min_size=1, max_size=5), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=200)
def test_what_csv_writes_is_split_as_it_was(rows: list[list[str]], delimiter: str, quoting: int, ending: str):
    if ending == "\n":  # the csv module leaves a bare \r unquoted then, although it ends a line in an editor
        rows = [[cell.replace("\r", " ") for cell in row] for row in rows]
    text = written(rows, delimiter=delimiter, quoting=quoting, lineterminator=ending)
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    split = list(split_rows(normal, delimiter))
    assert [row.cells for row in split] == [tuple(map(squeeze, row)) for row in rows]
    assert not any(row.stray_quote for row in split)
    assert "\n".join(row.text for row in split) + "\n" == normal or not rows


@given(
    rows=rows_of_cells,
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@settings(deadline=None, max_examples=100)
def test_any_rows_read_back_cell_for_cell(
    lexicon: Lexicon, rows: list[tuple[str, ...]], delimiter: str, quoting: int
):
    text = written([HEADER, ["first", "row", "of", "many"], *rows], delimiter=delimiter, quoting=quoting)
    table = read(text, lexicon)
    assert [row.cells for row in table.rows][1:] == [tuple(map(squeeze, row)) for row in rows]
    assert not any(row.inherited for row in table.rows)


@given(st.text('ab,"\n', max_size=60))
@settings(deadline=None, max_examples=300)
def test_no_character_is_lost_between_rows(text: str):
    rows = list(split_rows(text, ","))
    assert "\n".join(row.text for row in rows) == (text[:-1] if text.endswith("\n") else text)
    assert all(row.last_line - row.first_line == row.text.count("\n") for row in rows)


# ---------------------------------------------------------------- files of any size


def small_steps(monkeypatch: pytest.MonkeyPatch, row: int = 60, chunk: int = 7) -> None:
    """Stream every source, a few bytes at a time."""
    monkeypatch.setattr("kg.readers.delimited.MOST_AT_ONCE", 0)
    monkeypatch.setattr("kg.readers.separated.LONGEST_ROW", row)
    monkeypatch.setattr("kg.readers.streamed.LONGEST_ROW", row)
    monkeypatch.setattr("kg.readers.pieces._CHUNK", chunk)


LARGE = """Title,Cells in medicine,,
"Table 3. Trials of cells, by disease",,,
Disease,Route,Dose,Remarks
Heart,,,
"lupus, ""mild""
form",i.v.,1 × 10⁶,µ
,i.m.,2,
Disease,Route,Dose,Remarks
Kidney
GVHD,i.v.,3,"ok"
"GVHD" x,i.v.,3,ok

"BM, bone marrow; UC, umbilical cord"
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_a_large_file_is_the_same_table_as_a_small_one(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch, encoding: str, chunk: int
):
    text = LARGE.replace("⁶", "6") if encoding == "cp1252" else LARGE
    source = Source("trials.csv", text.replace("\n", "\r\n").encode(encoding))
    (whole,) = read_tables(source, lexicon)
    small_steps(monkeypatch, chunk=chunk)
    (streamed,) = read_tables(source, lexicon)
    assert list(streamed.rows) == list(streamed.rows) == list(whole.rows)
    assert streamed.header == whole.header == ("section", "Disease", "Route", "Dose", "Remarks")
    assert [f.code for f in streamed.findings] == [f.code for f in whole.findings]
    assert dataclasses.replace(streamed, rows=(), findings=()) == dataclasses.replace(
        whole, rows=(), findings=()
    )
    assert (whole.label, whole.title, whole.legend[:3]) == ("Table 3", "Cells in medicine", "BM,")


def test_rows_of_a_large_copy_from_a_browser_are_mended_too(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
):
    pieces = "a\tb\tFirst part.\n\nSecond part.\td\n"
    small_steps(monkeypatch)
    table = read("\t".join(HEADER) + f"\n{pieces}e\tf\tg\th\n", lexicon)
    assert [row.cells[2] for row in table.rows] == ["First part. Second part.", "g"]
    assert [finding.code for finding in table.findings] == ["row-joined"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Disease,Route,Dose\na,b,c\nd,e,f\nx,\xe2\x81\xb6\xe2\x81\xb6\xe2\n", "not text in utf-8"),
        (b"Disease,Route,Dose\na,b,c\nd,e,\xe2\x81\xb6 \xe2\x81\xb6 \xe2", "not text in utf-8"),
        (b"Disease,Route,Dose\na,b,c\nd,e,\x01\n", "U\\+0001"),
        (b"Disease,Route,Dose\na,b," + b"x" * 100 + b"\n", "a row is too long"),
        (b"Disease,Route,Dose\n,,\n\n", "no rows under it"),
    ],
)
def test_what_is_wrong_far_down_in_a_large_file_is_an_error_with_its_place(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch, data: bytes, what: str
):
    small_steps(monkeypatch, chunk=1000)
    with pytest.raises(SourceError, match=what) as caught:
        read_tables(Source("trials.csv", data), lexicon)
    assert caught.value.where.startswith("trials.csv, ")
    assert "line" in caught.value.where


@given(st.text('ab,"\n', max_size=80), st.integers(1, 9))
@settings(deadline=None, max_examples=60)
def test_rows_in_pieces_are_the_rows_of_the_whole(text: str, size: int):
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(stream_rows(pieces, ",")) == list(split_rows(text, ","))


def test_a_large_file_without_a_row_of_headers_is_left_to_other_readers(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
):
    text = "Trial\tA\tB\nDisease\tlupus\tGVHD\nDose\t1\t2\nPhase\tI\tII\n"
    assert len(list(read(text, lexicon).rows)) == 2
    small_steps(monkeypatch)
    with pytest.raises(SourceError, match="no table found"):
        read(text, lexicon)


def test_a_quote_that_swallows_the_head_of_a_large_file_is_an_error(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
):
    small_steps(monkeypatch, row=1000)
    with pytest.raises(SourceError, match="no table found"):
        read('"Trials\nDisease,Route,Dose\na,b,c\nd,e,"\n', lexicon)


def test_a_large_file_is_read_in_little_memory(tmp_path: Path):
    path = tmp_path / "large.csv"
    row = 'lupus,"BM, ""allogeneic""",1 × 10⁶ cells/kg,Better in some of the patients and worse in none\n'
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for _ in range(100):
            file.write(row * 2000)
    code = (
        "import resource, sys\n"
        "from kg.readers.base import open_source\n"
        "from kg.readers.choose import read_tables\n"
        "from kg.vocabulary.load import bundled_lexicon\n"
        "lexicon = bundled_lexicon()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "(table,) = read_tables(open_source(sys.argv[1]), lexicon)\n"
        "rows = sum(1 for _ in table.rows)\n"
        "print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=root
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 200_000
    assert path.stat().st_size > 17_000_000
    assert megabytes < 40


# ---------------------------------------------------------------- bounds, several tables


def test_a_cell_or_a_row_that_no_table_has_is_refused_with_its_line(lexicon: Lexicon):
    for row in ("a," + "x" * (2**20 + 1) + ",c", "," * 10_001):
        with pytest.raises(SourceError) as caught:
            read(f"Disease,Route,Dose\na,b,c\n{row}\n", lexicon)
        assert caught.value.where == "trials.csv, line 3"
        assert "up to" in caught.value.allowed


def test_each_label_of_a_file_begins_a_table(lexicon: Lexicon):
    page = "Cells in medicine\nTable 1. Markers\nMarker,Expressed\nCD73,yes\nCD45,no\n\n"
    page += "Table 2. Trials, small ones\nDisease,Route,Dose\na,b,c\nd,e,f\nBM = bone marrow; UC = umbilical cord\n"
    page += "\nTable 3. Planned\nDisease,Phase,Patients\ng,I,9\nh,II,10\n"
    first, second = read_tables(Source("trials.csv", page.encode()), lexicon)
    assert [table.label for table in (first, second)] == ["Table 2", "Table 3"]
    assert [table.caption for table in (first, second)] == ["Trials, small ones", "Planned"]
    assert [table.title for table in (first, second)] == ["Cells in medicine"] * 2
    assert [len(list(table.rows)) for table in (first, second)] == [2, 2]
    assert first.legend == "BM = bone marrow; UC = umbilical cord"
    assert "Table 1 Markers" in first.findings[-1].message


def test_another_head_behind_a_blank_line_begins_a_table(lexicon: Lexicon):
    page = "Disease,Route,Dose\na,b,c\nd,e,f\n\nPlanned\nDisease,Phase,Patients\ng,I,9\nh,II,10\n"
    first, second = read_tables(Source("trials.csv", page.encode()), lexicon)
    assert (first.header[1], second.header[1], second.caption) == ("Route", "Phase", "Planned")


def test_two_levels_of_headers_are_read_from_text_too(lexicon: Lexicon):
    table = read("Table 1. Trials,,,\nDisease,Dose,,Patients\n,Cells/kg,Interval,\na,b,c,d\n", lexicon)
    assert table.header == ("Disease", "Dose Cells/kg", "Dose Interval", "Patients")
    assert (table.label, table.caption, table.header_number) == ("Table 1", "Trials", 2)


def test_a_turned_table_of_text_is_turned(lexicon: Lexicon):
    table = read("Table 1. Trials\nTrial,A,B\nDisease,lupus,GVHD\nDose,1,2\nPhase,I,II\n", lexicon)
    assert [row.cells for row in table.rows] == [("A", "lupus", "1", "I"), ("B", "GVHD", "2", "II")]
    assert (table.label, table.layout.endswith("transposed")) == ("Table 1", True)
