"""Sheets become tables as a person sees them: formats, merged cells, raised digits; a bomb is refused at once."""

import datetime
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from kg.errors import SourceError
from kg.model import Table
from kg.readers.archive import Archive, member_names
from kg.readers.base import Source
from kg.readers.document import Document
from kg.readers.number_format import show_date, show_number
from kg.readers.sheets import SheetCells
from kg.readers.sheets import Workbook as Book
from kg.readers.xlsx import XlsxReader, column_name
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

HEADER = ("Disease", "Cell source", "Route", "Dose", "Phase", "Patients", "Trial ID")
ROW = ("lupus", "UC-MSC", "IV", "1 × 10⁶ cells/kg", "I", "12", "NCT00000001")
RAISED = InlineFont(vertAlign="superscript")
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def saved(fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet(*rows: tuple[Any, ...]) -> bytes:
    def fill(book: Workbook) -> None:
        for row in rows:
            book.active.append(row)

    return saved(fill)


def tables(data: bytes, lexicon: Lexicon) -> list[Table]:
    reader, document = XlsxReader(), Document(Source("trials.xlsx", data))
    assert reader.fits(document, lexicon)
    return list(reader.read(document, lexicon))


def cells(data: bytes) -> SheetCells:
    book = Book(Archive("trials.xlsx", data))
    return book.read(book.sheets[0])


def by_hand(sheet_xml: str, strings: str = "", **parts: bytes) -> bytes:
    """Return a workbook of one sheet with this XML in it, as small as the format allows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPACE}" xmlns:r="{REL}"><sheets><sheet name="T" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Type="t" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="b" Type="s" Target="/xl/sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPACE}">{strings}</sst>')
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def worksheet(inside: str) -> str:
    return f'<worksheet xmlns="{SPACE}">{inside}</worksheet>'


# ---------------------------------------------------------------- what a sheet shows


def test_a_sheet_becomes_a_table_whose_lines_are_its_row_numbers(lexicon: Lexicon):
    (table,) = tables(sheet(HEADER, ROW, ROW), lexicon)
    assert table.header == HEADER
    assert [(row.first_line, row.last_line, row.cells) for row in table.rows] == [(2, 2, ROW), (3, 3, ROW)]
    assert table.header_number == 1


def test_every_sheet_with_trials_is_a_table_and_empty_ones_are_none(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        for name in ("first", "empty", "second"):
            page = book.create_sheet(name)
            if name != "empty":
                page.append(HEADER)
                page.append((name, *ROW[1:]))

    assert [table.rows[0].cells[0] for table in tables(saved(fill), lexicon)] == ["first", "second"]


def test_one_sheet_may_hold_several_tables_each_under_its_label(lexicon: Lexicon):
    other = ("Indication", "Source", "Administration", "N", "NCT number")
    rows = [
        ("Table 1. First clinical trials of cells in lung and heart (doi:10.1234/abc)",),
        HEADER,
        ROW,
        ROW,
        ("UC, umbilical cord; IV, intravenous",),
        (None,),
        ("Table 2. More trials",),
        other,
        ("asthma", "BM", "IV", 10, "NCT00000002"),
        ("ALS", "BM", "IV", 11, "NCT00000003"),
    ]
    first, second = tables(sheet(*rows), lexicon)
    assert (first.label, first.header, len(first.rows)) == ("Table 1", HEADER, 2)  # type: ignore[arg-type]
    assert first.legend == "UC, umbilical cord; IV, intravenous"
    assert (second.label, second.caption, second.header) == ("Table 2", "More trials", other)
    assert [row.first_line for row in second.rows] == [9, 10]
    assert second.doi == first.doi == "10.1234/abc"


def test_headings_of_two_levels_and_rows_that_head_others_are_understood(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        page = book.active
        for row in (
            ("Disease", "Cell source", "Dose", None, "Trial ID"),
            (None, None, "Cells", "Frequency", None),
            ("Heart", None, None, None, None),
            ("AMI", "BM", "1 × 10⁷", "once", "NCT00000001"),
            ("Lung", None, None, None, None),
            ("COPD", "UC", "2 × 10⁷", "twice", "NCT00000002"),
        ):
            page.append(row)
        for area in ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "A3:E3", "A5:E5"):
            page.merge_cells(area)

    (table,) = tables(saved(fill), lexicon)
    assert table.header == ("section", "Disease", "Cell source", "Dose Cells", "Dose Frequency", "Trial ID")
    assert [row.cells[:2] for row in table.rows] == [("Heart", "AMI"), ("Lung", "COPD")]


def test_a_table_may_stand_anywhere_in_its_sheet(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        for at, row in enumerate((HEADER, ROW), 7):
            for column, text in enumerate(row, 4):
                book.active.cell(at, column, text)

    (table,) = tables(saved(fill), lexicon)
    assert (table.header, table.header_number, table.rows[0].first_line) == (HEADER, 7, 8)


def test_merged_cells_hold_for_all_rows_that_they_cover(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        for row in (HEADER, ROW, ("", *ROW[1:])):
            book.active.append(row)
        book.active.merge_cells("A2:A3")

    (table,) = tables(saved(fill), lexicon)
    assert [row.cells[0] for row in table.rows] == ["lupus", "lupus"]
    assert [row.inherited for row in table.rows] == [(), (0,)]


def test_line_breaks_and_blanks_in_a_cell_become_one_blank():
    assert cells(sheet((" two\n words ",))).texts == {1: {1: "two words"}}


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (("2 × 10", TextBlock(RAISED, "6"), " cells/kg"), "2 × 10⁶ cells/kg"),
        (("3 × 10", TextBlock(RAISED, "7"), "/m", TextBlock(RAISED, "2")), "3 × 10⁷/m²"),
        ((TextBlock(RAISED, "99m"), "Tc"), "99mTc"),
        (("Nobody et al.", TextBlock(RAISED, "9")), "Nobody et al.9"),
    ],
)
def test_raised_digits_are_written_as_such_unless_they_cite(pieces: tuple[Any, ...], text: str):
    assert cells(sheet((CellRichText(*pieces),))).texts == {1: {1: text}}


def test_a_raised_mark_that_a_note_explains_is_left_out():
    marked = CellRichText("12", TextBlock(RAISED, "a"))
    note = CellRichText(TextBlock(RAISED, "a"), " both arms")
    assert cells(sheet((marked,), (note,))).texts[1] == {1: "12"}


def test_strings_that_cells_share_are_read_with_their_runs():
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>8</t></r>'
    strings = f'<si><r><t>10</t></r>{raised}<rPh sb="0" eb="1"><t>x</t></rPh></si>'
    data = by_hand(worksheet('<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'), strings)
    assert cells(data).texts == {1: {1: "10⁸"}}


def test_a_cell_without_a_place_stands_right_of_the_one_before():
    inside = '<sheetData><row r="4"><c r="C4"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>'
    assert cells(by_hand(worksheet(inside))).texts == {4: {3: "1", 4: "2"}, 5: {1: "3"}}


def test_characters_that_xml_cannot_hold_are_read_from_their_escapes():
    inside = '<sheetData><row><c t="str"><v>two_x000D_words _x0007_</v></c></row></sheetData>'
    assert cells(by_hand(worksheet(inside))).texts == {1: {1: "two words \ufffd"}}


# ---------------------------------------------------------------- numbers and dates


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (5e6, "0.00E+00", "5000000"),
        (1000000.0, "General", "1000000"),
        (1e6, "#,##0", "1000000"),
        (0.1 + 0.2, "General", "0.3"),
        (0.5, "0%", "50%"),
        (0.5, "General", "0.5"),
        (2.25, "0", "2.25"),
        (24291, "000000000", "000024291"),
        (4252118, '"NCT"00000000', "NCT04252118"),
        (30, '0" patients"', "30 patients"),
        (-3, "0;(0)", "(3)"),
        (-3, "0.0", "-3"),
        (12, "# ?/?", "12"),
        (1e300, "General", "1e+300"),
        (3, "General;General", "3"),
        (7, '"', "7"),
    ],
)
def test_a_number_is_shown_whole_with_what_its_format_adds(value: float, code: str, text: str):
    assert show_number(value, code) == text


@pytest.mark.parametrize(
    ("code", "text", "short"),
    [
        ("d-mmm", "1-Feb", True),
        ("dd-mmm", "01-Feb", True),
        ("mmm-yy", "Feb-24", True),
        ('[$-409]d" "mmm;@', "1 Feb", True),
        ("d-mmm-yy", "1-Feb-24", False),
        ("yyyy\\-mm\\-dd", "2024-02-01", False),
        ("mm-dd-yy", "2024-02-01", False),
        ("dddd, mmmm d, yyyy", "Thursday, February 1, 2024", False),
        ("h:mm AM/PM", "2:05 PM", False),
        ("d/m/yyyy h:mm", "1/2/2024 14:05", False),
        ("mm:ss", "05:00", False),
    ],
)
def test_a_date_is_shown_as_its_format_orders_it(code: str, text: str, short: bool):
    assert show_date(datetime.datetime(2024, 2, 1, 14, 5), code) == (text, short)  # noqa: DTZ001


def test_times_are_shown_too():
    assert show_date(datetime.time(1, 2), "h:mm").text == "1:02"
    assert show_date(datetime.timedelta(hours=30), "[h]:mm").text == "30:00:00"


@settings(deadline=None, max_examples=60)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,E+-;%"\\@*_ [hms]xyd/', max_size=20),
)
def test_no_format_breaks_a_number_or_a_date(value: float, code: str):
    assert isinstance(show_number(value, code), str)
    assert isinstance(show_date(datetime.date(2024, 2, 1), code).text, str)


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_a_whole_number_is_shown_digit_by_digit(value: int):
    assert show_number(float(value), "General") == str(value)


def test_a_phase_that_the_program_made_a_date_is_shown_as_such_with_a_warning(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        book.active.append(HEADER)
        book.active.append((*ROW[:4], datetime.date(2024, 2, 1), *ROW[5:]))
        book.active["E2"].number_format = "d-mmm"

    (table,) = tables(saved(fill), lexicon)
    assert table.rows[0].cells[4] == "1-Feb"
    (finding,) = [f for f in table.findings if f.code == "date-by-program"]
    assert "E2 '1-Feb'" in finding.message


def test_dates_count_from_1904_where_the_workbook_says_so():
    data = by_hand(worksheet('<sheetData><row><c t="d"><v>2024-02-01T00:00:00</v></c></row></sheetData>'))
    assert cells(data).texts == {1: {1: "2024-02-01"}}

    def fill(book: Workbook) -> None:
        book.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
        book.active.append((datetime.date(2024, 2, 1),))
        book.active["A1"].number_format = "yyyy-mm-dd"

    assert cells(saved(fill)).texts == {1: {1: "2024-02-01"}}


def test_truth_values_and_errors_are_shown_as_the_program_shows_them():
    inside = (
        '<sheetData><row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row></sheetData>'
    )
    assert cells(by_hand(worksheet(inside))).texts == {1: {1: "TRUE", 2: "FALSE", 3: "#N/A"}}


# ---------------------------------------------------------------- what deserves a remark


def codes(table: Table) -> set[str]:
    return {finding.code for finding in table.findings}


def test_what_the_program_hides_is_read_and_said(lexicon: Lexicon):
    def fill(book: Workbook) -> None:
        book.active.append(HEADER)
        book.active.append(ROW)
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["D"].hidden = True
        book.create_sheet("seen")
        book.active.sheet_state = "hidden"

    (table,) = tables(saved(fill), lexicon)
    (finding,) = [f for f in table.findings if f.code == "hidden-cells"]
    assert "the whole sheet, row 2, column D" in finding.message
    assert table.rows[0].cells == ROW


def test_a_formula_counts_by_its_saved_value_and_without_one_is_empty(lexicon: Lexicon):
    inside = "<sheetData><row><c><f>1+1</f><v>2</v></c><c><f>1+1</f></c></row></sheetData>"
    found = cells(by_hand(worksheet(inside)))
    assert (found.texts, found.not_computed) == ({1: {1: "2"}}, [(1, 2)])
    (table,) = tables(sheet(HEADER, (*ROW[:5], "=3*4", ROW[6])), lexicon)
    assert "formula-without-value" in codes(table)


# ---------------------------------------------------------------- damage and bombs


def refusal(data: bytes, lexicon: Lexicon) -> str:
    with pytest.raises(SourceError) as caught:
        tables(data, lexicon)
    return str(caught.value)


def test_a_workbook_without_text_says_so(lexicon: Lexicon):
    assert "no sheet" in refusal(sheet(), lexicon)


def test_a_document_type_with_entities_is_refused(lexicon: Lexicon):
    bomb = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + worksheet(
        "<sheetData><row><c><v>&b;</v></c></row></sheetData>"
    )
    assert "declares entities" in refusal(by_hand(bomb), lexicon)


def test_a_file_that_an_entity_points_at_is_not_read(lexicon: Lexicon, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("42")
    xml = f'<!DOCTYPE w [<!ENTITY a SYSTEM "{secret.as_uri()}">]>' + worksheet(
        "<sheetData><row><c><v>&a;</v></c></row></sheetData>"
    )
    assert "declares entities" in refusal(by_hand(xml), lexicon)


def test_a_part_that_unpacks_to_far_more_is_refused_at_once(lexicon: Lexicon):
    bomb = by_hand(worksheet(" " * 40_000_000))
    start = time.perf_counter()
    assert "would unpack" in refusal(bomb, lexicon)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "inside",
    [
        '<sheetData><row r="9"><c r="XFD9"/></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        "<sheetData>" + '<row><c r="XFD1"><v>1</v></c><c r="A1"><v>1</v></c></row>' * 2000 + "</sheetData>",
        '<sheetData><row r="99999999999999999999"><c><v>1</v></c></row></sheetData>',
        '<sheetData><row r="x"><c><v>1</v></c></row></sheetData>',
        '<sheetData><row><c t="s"><v>7</v></c></row></sheetData>',
        "<sheetData><row><c><v>one</v></c></row></sheetData>",
        "<sheetData>" + "<a>" * 5000 + "</a>" * 5000 + "</sheetData>",
        "<sheetData><row>",
        "<sheetData>" + "".join(f"<a{n % 97}/>" for n in range(1_500_000)) + "</sheetData>",
    ],
)
def test_sheets_that_are_no_sheets_are_refused_in_time(lexicon: Lexicon, inside: str):
    start = time.perf_counter()
    assert refusal(by_hand(worksheet(inside)), lexicon)
    assert time.perf_counter() - start < 3


def test_merged_cells_that_cover_each_other_are_refused(lexicon: Lexicon):
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ZZ{n}"><v>1</v></c></row>' for n in range(1, 200)
    )
    merged = '<mergeCell ref="A1:ZZ199"/>' * 500
    inside = f"<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"
    assert "merged cells" in refusal(by_hand(worksheet(inside)), lexicon)


def test_an_archive_that_was_cut_off_is_no_spreadsheet_and_no_crash(lexicon: Lexicon):
    data = sheet(HEADER, ROW)
    for length in range(4, len(data), 211):
        document = Document(Source("t.xlsx", data[:length]))
        assert not XlsxReader().fits(document, lexicon)


def test_a_damaged_part_is_an_error_that_names_the_file(lexicon: Lexicon):
    data = bytearray(sheet(HEADER, ROW))
    at = data.find(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 8] = b"\0" * 8
    assert refusal(bytes(data), lexicon).startswith("trials.xlsx")


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_flipped_bytes_never_crash_the_reader(data: st.DataObject):
    lexicon = load_lexicon(vocabulary_files()) if not LEXICONS else LEXICONS[0]
    LEXICONS[:] = [lexicon]
    good = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(4, len(good) - 1))] = data.draw(st.integers(0, 255))
    document = Document(Source("t.xlsx", bytes(good)))
    try:
        if XlsxReader().fits(document, lexicon):
            XlsxReader().read(document, lexicon)
    except SourceError:
        pass


LEXICONS: list[Lexicon] = []
GOOD = sheet(HEADER, ROW, ROW)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), min_size=1, max_size=5))
def test_texts_come_back_as_they_were_written(rows: list[list[str]]):
    def plain(text: str) -> str:
        return "".join(c for c in text if c.isprintable() and c not in "_=")

    written = [tuple(map(plain, row)) for row in rows]
    found = cells(sheet(*written)).texts
    expected = {
        at: {column: " ".join(text.split()) for column, text in enumerate(row, 1) if text.split()}
        for at, row in enumerate(written, 1)
    }
    assert found == {at: row for at, row in expected.items() if row}


def test_columns_are_named_as_the_program_names_them():
    assert [column_name(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_an_archive_of_very_many_members_is_refused_in_time():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(6_000):
            archive.writestr(f"xl/workbook{number}.xml", "")
    many = stream.getvalue()
    with pytest.raises(SourceError, match="6000 members"):
        Archive("t", many)
    at = many.rfind(b"PK\x05\x06")
    endless = many[: at + 12] + b"\xff\xff\xff\x7f" + many[at + 16 :]
    with pytest.raises(SourceError, match="without end"):
        Archive("t", endless)
    assert member_names(endless) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("word/document.xml", "word-processor file"),
        ("xl/workbook.bin", "binary spreadsheet"),
        ("readme.txt", "zip archive without a table"),
    ],
)
def test_other_archives_are_named_for_what_they_are(name: str, kind: str):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(SourceError, match=kind):
        _ = Document(Source("t", stream.getvalue())).text
