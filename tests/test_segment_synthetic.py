"""Whole pasted pages made from the vocabulary itself: how many rows are cut right, and how sure the wrong ones are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from synthetic_pages import KEYS, USUAL, Page, Pages, Style

from kg.model import Parsed, Record
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.records import record_json
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

STYLES = {
    "as in most tables": (Style(), 0.97),
    "one unknown disease or source in each row": (Style(unknown=True), 0.95),
    "columns in any order": (Style(permuted=True), 0.95),
    "columns left out": (Style(left_out=True), 0.98),
    "other words in the header": (Style(other_headers=True), 0.98),
    "rows over several lines": (Style(broken_lines=True), 0.93),
    "one cell a line": (Style(one_cell=True), 0.98),
    "one cell a line, diseases over their rows": (Style(one_cell=True, sections=True), 0.98),
    "one cell a line, columns of their own": (Style(one_cell=True, own=True), 0.98),
    "diseases over their rows": (Style(sections=True), 0.98),
    "diseases beside several rows": (Style(shared=True), 0.95),
    "columns of their own": (Style(own=True), 0.93),
    "two headers in the wrong order": (Style(swapped=True), 0.98),
}


@dataclass
class Tally:
    """What became of the rows of some pages: `sure` counts cells with a confidence of at least 0.9."""

    rows: int = 0
    right: int = 0
    sure: int = 0
    sure_and_wrong: int = 0


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def words_of(record: Record) -> str:
    return " ".join(cell.text for cell in record.cells)


def cut_pages(lexicon: Lexicon, style: Style, pages: int, seed: int = 11) -> Iterator[tuple[Page, Parsed]]:
    maker = Pages(lexicon, seed)
    for _ in range(pages):
        page = maker.page(style)
        (parsed,) = parse_source(page.source, lexicon)
        yield page, parsed


def tally_of(lexicon: Lexicon, style: Style, pages: int) -> Tally:
    tally = Tally()
    for page, parsed in cut_pages(lexicon, style, pages):
        rows = {" ".join(row): row for row in page.rows if row is not None}
        true = {(key, cell) for row in rows.values() for key, cell in zip(page.keys, row, strict=True)}
        tally.rows += len(rows)
        for record in parsed.records:
            tally.right += rows.get(words_of(record)) == tuple(cell.text for cell in record.cells)
            sure = [(cell.column, cell.text) for cell in record.cells if cell.confidence >= 0.9]
            tally.sure += len(sure)
            tally.sure_and_wrong += sum(cell not in true for cell in sure)
    return tally


QUICK = ("as in most tables", "one cell a line", "diseases over their rows")
PARAMETERS = [
    pytest.param(*style, id=name, marks=() if name in QUICK else pytest.mark.slow)
    for name, style in STYLES.items()
]


@pytest.mark.parametrize(("style", "least"), PARAMETERS)
def test_nearly_all_rows_are_cut_right_and_of_the_sure_cells_ninety_nine_in_a_hundred(
    style: Style, least: float, lexicon: Lexicon
) -> None:
    tally = tally_of(lexicon, style, 5)
    assert tally.right / tally.rows >= least, tally
    assert tally.sure_and_wrong <= tally.sure / 100, tally


@pytest.mark.slow
def test_cells_without_any_blank_between_them_are_cut_or_left_alone(lexicon: Lexicon) -> None:
    tally = tally_of(
        lexicon, Style(joined=True), 6
    )  # "day 0 and 3" and "124" make "0 and 3124", which nobody can tell
    assert tally.right / tally.rows >= 0.3, tally


def test_the_wrong_order_of_headers_is_a_warning(lexicon: Lexicon) -> None:
    for page, parsed in cut_pages(lexicon, Style(swapped=True), 2):
        assert tuple(column.key for column in parsed.columns) == page.keys
        assert "header-out-of-order" in [finding.code for finding in parsed.findings]


def test_a_header_in_other_words_is_cut_into_its_columns(lexicon: Lexicon) -> None:
    pages = list(cut_pages(lexicon, Style(other_headers=True, left_out=True), 12))
    right = sum(tuple(column.key for column in parsed.columns) == page.keys for page, parsed in pages)
    assert right >= 0.9 * len(pages)


def test_a_row_that_was_cut_off_is_no_record_unless_its_last_word_could_be_the_reference(
    lexicon: Lexicon,
) -> None:
    for page, parsed in cut_pages(lexicon, Style(truncated=True), 6):
        whole = {" ".join(row) for row in page.rows if row is not None}
        for record in parsed.records:
            if words_of(record) not in whole:
                assert record.text("reference").strip("[].").isdigit(), words_of(record)


def test_no_word_of_a_page_is_lost(lexicon: Lexicon) -> None:
    for page, parsed in cut_pages(lexicon, Style(broken_lines=True, truncated=True), 2):
        kept = {r.lines: words_of(r) for r in parsed.records} | {q.lines: q.text for q in parsed.quarantined}
        body = page.source.data.decode().split("\n")[5:-2]
        assert " ".join(kept[lines] for lines in sorted(kept)) == " ".join(body)


def test_the_same_rows_as_csv_give_the_same_records(lexicon: Lexicon) -> None:
    for page, pasted in cut_pages(lexicon, Style(), 5):
        out = io.StringIO()
        csv.writer(out).writerows([[USUAL[key] for key in KEYS], *(row for row in page.rows if row)])
        (table,) = parse_source(Source("page.csv", out.getvalue().encode()), lexicon)
        with_borders = {words_of(record): values(record) for record in table.records}
        for record in pasted.records:
            if min(cell.confidence for cell in record.cells) >= 0.9:
                assert values(record) == with_borders[words_of(record)]


def values(record: Record) -> dict[str, object]:
    return {key: value for key, value in record_json(record).items() if key not in ("source", "row", "lines")}
