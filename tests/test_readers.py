"""Bytes of any kind become text or a message that says what is wrong, where, and what to do."""

import io
import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Severity
from kg.readers.base import Source, open_source
from kg.readers.choose import READERS, read_tables
from kg.readers.decode import decode
from kg.readers.document import Document
from kg.readers.surroundings import find_doi, find_label, looks_like_legend, read_preamble
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

TABLE = "Disease,Cell source,Dose\nlupus,BM,1 × 10⁶\n"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def refusal(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        decode(Source("page.txt", data))
    return caught.value


# ---------------------------------------------------------------- opening


def test_a_source_is_named_after_its_file_without_folders(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "trials.csv").write_bytes(b"x")
    assert open_source(tmp_path / "deep" / "trials.csv") == Source("trials.csv", b"x")


def test_a_dash_reads_the_standard_input(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"abc")))
    assert open_source("-") == Source("stdin", b"abc")


def test_a_closed_standard_input_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SourceError, match="standard input is closed"):
        open_source("-")


def test_a_name_that_is_not_utf_8_can_still_be_printed(tmp_path: Path):
    path = tmp_path / "tri\udcffals.csv"
    path.write_bytes(b"abc")
    assert open_source(path).name == "tri?als.csv"


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(SourceError, match=r"nowhere\.csv: there is no such file"):
        open_source(tmp_path / "nowhere.csv")


def test_a_folder_is_not_a_source(tmp_path: Path):
    with pytest.raises(SourceError, match="this is a folder"):
        open_source(tmp_path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match="may not be read"):
        open_source(tmp_path / "secret.csv")


def test_a_stream_is_read_once_and_its_bytes_as_often_as_wanted(monkeypatch: pytest.MonkeyPatch):
    data = b"0123456789" * 1_000_000  # more than is kept in memory
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    source = open_source("-")
    first, second = source.chunks(7_000_000), source.chunks(7_000_000)
    assert [next(first), next(second), *first, *second] == 2 * [data[:7_000_000]] + 2 * [data[7_000_000:]]
    assert (source.size, source.start(3), source.sha256) == (10**7, b"012", sha256(data).hexdigest())


def test_a_pipe_of_the_shell_is_a_source(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"abc",))
    writer.start()
    source = open_source(pipe)
    writer.join()
    assert (source, source.data) == (Source("pipe", b"abc"), b"abc")


def test_opening_a_file_reads_nothing_of_it(tmp_path: Path):
    path = tmp_path / "trials.csv"
    path.write_bytes(b"x" * 100)
    source = open_source(path)
    assert (source.size, "data" in vars(source)) == (100, False)
    assert (source.data, source.path) == (b"x" * 100, path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path):
    path = tmp_path / "trials.csv"
    path.write_bytes(b"x" * 100)
    source = open_source(path)
    path.write_bytes(b"y" * 101)
    with pytest.raises(SourceError, match="changed while it was being read"):
        source.start(10)


def test_a_large_source_in_a_layout_that_is_read_as_a_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "page.txt"
    path.write_bytes(b"x" * 100)
    monkeypatch.setattr("kg.readers.base.MOST_WHOLE", 50)
    with pytest.raises(SourceError, match="too much for its layout") as caught:
        _ = open_source(path).data
    assert caught.value.where == "page.txt"


def test_any_other_trouble_with_a_path_is_a_source_error_too():
    with pytest.raises(SourceError, match="cannot be read"):
        open_source("a\0b")


# ---------------------------------------------------------------- decoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_dropped(encoding: str):
    assert decode(Source("t", TABLE.encode(encoding))) == (TABLE, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str):
    assert decode(Source("t", TABLE.encode(encoding))).text == TABLE


def test_big_endian_utf_16_is_read():
    assert decode(Source("t", b"\xfe\xff" + TABLE.encode("utf-16-be"))).text == TABLE


def test_windows_1252_is_read_with_a_warning_that_names_the_line():
    text, findings = decode(Source("t", "Disease\n3–5 µg\n".encode("cp1252")))
    assert text == "Disease\n3–5 µg\n"
    assert [(f.severity, f.code, f.column) for f in findings] == [
        (Severity.WARNING, "encoding-guessed", "table")
    ]
    assert "line 2" in findings[0].message


def test_utf_8_with_a_broken_character_is_not_taken_for_another_encoding():
    error = refusal("Disease\n1 × 10⁶ – 2 × 10⁶".encode()[:-1])
    assert (error.where, error.raw) == ("page.txt, line 2, column 17", "e2 81")
    assert "utf-8" in error.what


def test_bytes_of_no_known_encoding_are_refused_with_their_place():
    error = refusal(b"Disease\nab \x81 cd")
    assert error.where == "page.txt, line 2, column 4"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_as_an_editor_counts_them(ending: str):
    source = Source("t", f"one\u2028still one\x85still{ending}two".encode())
    assert decode(source).text == "one\u2028still one\x85still\ntwo"


def test_a_form_feed_becomes_a_blank_and_is_reported():
    text, findings = decode(Source("t", b"ab\ncd\x0cef"))
    assert text == "ab\ncd ef"
    assert [(f.code, "line 2, column 3" in f.message) for f in findings] == [("control-as-blank", True)]


@pytest.mark.parametrize("char", ["\x00", "\x01", "\x1b", "\x1f", "\ufffe", "\uffff"])
def test_a_character_that_no_output_could_carry_is_refused_with_its_place(char: str):
    error = refusal(f"Disease\nab{char}".encode())
    assert error.where == "page.txt, line 2, column 3"
    assert f"U+{ord(char):04X}" in error.what


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "only blanks"),
        (b" \n\t\r\n", "only blanks"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "PNG image"),
        (b"\xd0\xcf\x11\xe0rest", "old Office file"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_what_is_no_text_is_refused_with_its_kind(data: bytes, what: str):
    error = refusal(data)
    assert error.where == "page.txt"
    assert what in error.what
    assert error.allowed


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_text_or_a_source_error(data: bytes):
    try:
        text = decode(Source("t", data)).text
    except SourceError:
        return
    assert text.strip()
    assert "\r" not in text


# ---------------------------------------------------------------- choosing


def test_a_page_without_a_table_says_what_was_looked_for(lexicon: Lexicon):
    with pytest.raises(SourceError) as caught:
        read_tables(Source("page.txt", b"Nothing here\nbut a few words.\n"), lexicon)
    assert caught.value.where == "page.txt"
    assert "no table found" in caught.value.what
    assert "Cell source" in caught.value.allowed
    assert caught.value.hint


@pytest.mark.parametrize(
    "page",
    [
        "The dose, route and frequency of the cells are given for patients with lupus in each phase.\n",
        "Table 1. Disease, cell source, route, dose and phase\n",
        "<tr><th>Disease</th><th>Cell source</th><th>Route</th></tr>\n<tr><td>a</td></tr>\n",
        '{"disease": "lupus", "route": "i.v.", "dose": "1"}\n',
        "Home | Phase of the moon | Dose | Route\nWe gave a dose | by a route | to patients.\nCopyright | Terms\n",
    ],
)
def test_sentences_captions_and_other_layouts_are_not_taken_for_a_header(lexicon: Lexicon, page: str):
    assert not any(reader.fits(Document(Source("page", page.encode())), lexicon) for reader in READERS)


def test_the_name_of_a_file_does_not_matter(lexicon: Lexicon):
    names = ["trials.csv", "trials.xlsx", "stdin"]
    tables = [read_tables(Source(name, TABLE.encode()), lexicon)[0] for name in names]
    assert [table.source for table in tables] == names
    assert len({(table.rows, table.header, table.sha256) for table in tables}) == 1


def test_what_was_doubtful_about_the_bytes_stands_with_the_table(lexicon: Lexicon):
    data = "Disease,Cell source,Dose\nCrohn’s,BM,1\n".encode("cp1252")
    (table,) = read_tables(Source("t", data), lexicon)
    assert [finding.code for finding in table.findings] == ["encoding-guessed"]
    assert table.rows[0].cells[0] == "Crohn’s"


# ---------------------------------------------------------------- around the table


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Table 2.", "Table 2"),
        ("TABLE 1", "Table 1"),
        ("Table 3: Trials of cells", "Table 3"),
        ("Table S1. Trials", "Table S1"),
        ("Supplementary Table 4 Trials", "Supplementary table 4"),
        ("Table IV. Trials", "Table IV"),
        ("Tables are below", ""),
        ("Table of contents", ""),
        ("See Table 2", ""),
        ("Table 2-fold", ""),
    ],
)
def test_a_label_begins_a_line(line: str, label: str):
    assert find_label(line) == label


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (". 2025 Aug 22;10:262. doi: 10.1000/s41392-025-1", "10.1000/s41392-025-1"),
        ("doi:10.1000/abc.", "10.1000/abc"),
        ("(https://doi.org/10.1000/abc).", "10.1000/abc"),
        ("https://dx.doi.org/10.1002/%28SICI%291097", "10.1002/(SICI)1097"),
        ("DOI 10.1016/S0140-6736(20)30211-7;", "10.1016/S0140-6736(20)30211-7"),
        ("version 10.2 of 10/2020", ""),
    ],
)
def test_a_doi_is_found_without_its_resolver_and_punctuation(text: str, doi: str):
    assert find_doi([text]) == (doi, ())


def test_of_two_dois_the_first_is_taken_and_the_other_one_reported():
    doi, findings = find_doi(["doi: 10.1000/a", "doi: 10.1000/b"])
    assert doi == "10.1000/a"
    assert [finding.code for finding in findings] == ["doi-ambiguous"]
    assert "10.1000/b" in findings[0].message


def test_label_caption_title_and_doi_are_told_apart():
    preamble = read_preamble(
        ["Skip to main content", "Cells in medicine", "doi: 10.1000/a", "Table 2.", "", "Trials of", "cells"]
    )
    assert preamble[:4] == ("Table 2", "Trials of cells", "Cells in medicine", "10.1000/a")


def test_without_a_label_the_last_line_is_the_caption():
    assert read_preamble(["A title", "Trials of cells"])[:3] == ("", "Trials of cells", "A title")


def test_keys_before_the_header_are_read():
    lines = ["# Title: Cells", "# Label: Table 7", "# Caption: Trials", "# DOI: 10.1000/a"]
    assert read_preamble(lines)[:4] == ("Table 7", "Trials", "Cells", "10.1000/a")


def test_a_caption_that_cites_a_doi_stays_a_caption():
    preamble = read_preamble(["Table 1. Trials of cells after Doe and colleagues (doi: 10.1000/a)"])
    assert preamble.caption.startswith("Trials of cells")
    assert preamble.doi == "10.1000/a"


@pytest.mark.parametrize(
    "text",
    [
        "i.v. intravenous, BM bone marrow, UC umbilical cord",
        "aGVHD, acute graft versus host disease; CD, Crohn’s disease; MS: multiple sclerosis",
        "BM, bone marrow, UC, umbilical cord, IL-6, interleukin 6",
        "BM = bone marrow; UC = umbilical cord.",
        "MSC, mesenchymal stem cell",
        "Abbreviations: none of them matter",
        "Note: doses are rounded",
        "BM bone marrow, OR odds ratio, IL-17 overall survival, CR complete response",
    ],
)
def test_a_list_of_abbreviations_is_a_legend(text: str):
    assert looks_like_legend(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lupus BM i.v. 2 × 106 cells/kg Twice a week, four weeks 54 NCT00000001 III Better, safe. 68",
        "CD BM Intralesional 3 × 107 cells Once 16 N.A. N.A. Safe",
        "CRP, IL-6 and TNF-α fell, CD4 rose, OS was unchanged",
        "525",
        "CHD chorion membrane i.v. 1 × 106 cells/kg Once 9 NCT02336230 I Reached in none, II in 4. 73",
        "NCT02336230 NR Seen in none, II in 2. 215",
    ],
)
def test_a_row_is_not_a_legend(text: str):
    assert not looks_like_legend(text)


@given(st.text())
@settings(deadline=None)
def test_any_text_around_a_table_is_read_without_failing(text: str):
    preamble = read_preamble(text.split("\n"))
    assert all(isinstance(value, str) for value in preamble[:4])
    assert looks_like_legend(text) in (True, False)
