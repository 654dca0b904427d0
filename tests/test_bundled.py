"""The bundled table says what the published table says, in words of our own where the words are not facts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from kg import resources
from kg.model import Record
from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.vocabulary.load import bundled_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
PAGE = SHARED / "seed" / "table2.txt"
HEADER = (
    "Diseases",
    "Cell source",
    "Route",
    "Dose",
    "Frequency",
    "Patients (experiment group)",
    "Clinical Trials number",
    "Study phase",
    "Outcomes",
    "Ref",
)
OUTCOME = HEADER.index("Outcomes")
UNPUBLISHED = "Not yet public"
LONGEST_COMMON_RUN = 7

needs_page = pytest.mark.skipif(not PAGE.is_file(), reason="the pasted page is not there to compare with")


def lines() -> list[list[str]]:
    path = resources.data_folder() / "msc-trials-table2.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, strict=True))


def rows() -> list[list[str]]:
    return [line for line in lines()[lines().index(list(HEADER)) + 1 :] if len(line) > 1]


def folded(text: str) -> str:
    return " ".join(text.split())


def page_parts() -> tuple[str, str, str]:
    """Return the page's header line, its folded rows and its folded legend."""
    text = PAGE.read_text(encoding="utf-8").splitlines()
    head = next(i for i, line in enumerate(text) if line.startswith("Diseases "))
    tail = next(i for i, line in enumerate(text) if line.startswith("i.v. intravenous"))
    return folded(text[head]), folded(" ".join(text[head + 1 : tail])), folded(" ".join(text[tail:]))


def page_outcomes() -> list[str]:
    """Return the outcome cells of the page: what stands between our facts, nothing left over."""
    pattern = " ".join(
        f"{re.escape(' '.join(row[:OUTCOME]))} (.+?) {re.escape(row[OUTCOME + 1])}" for row in rows()
    )
    found = re.fullmatch(pattern, page_parts()[1])
    assert found, "the facts of a row differ from the page"
    return list(found.groups())


def pairs() -> list[tuple[str, str]]:
    return [(page, row[OUTCOME]) for page, row in zip(page_outcomes(), rows(), strict=True)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    sequence = words(text)
    return {tuple(sequence[i : i + length]) for i in range(len(sequence) - length + 1)}


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)?", text))


def names(text: str) -> set[str]:
    """Return the abbreviations of a text: words with a digit or two capitals, in the singular."""
    tokens = re.findall(r"[^\W_]+", text)
    return {t.rstrip("s") for t in tokens if re.search(r"\d|[A-Z].*[A-Z]", t)}


def test_the_table_has_ninety_two_rows_of_ten_cells_under_the_headers_of_the_page() -> None:
    assert len(rows()) == 92
    assert {len(row) for row in rows()} == {10}
    assert all(cell == folded(cell) != "" for row in rows() for cell in row)


def test_label_caption_and_doi_stand_before_the_header() -> None:
    before = [line for line in lines()[: lines().index(list(HEADER))] if line]
    assert {len(line) for line in before} == {1}
    text = "\n".join(line[0] for line in before)
    assert "Table 2" in text
    assert "MSCs" in text
    assert "doi: 10.1038/s41392-025-02313-9" in text


def test_the_legend_stands_in_one_cell_after_the_rows() -> None:
    assert len(lines()[-1]) == 1
    assert lines()[-2] == []
    assert lines()[-1][0].startswith("i.v. intravenous, ")


def test_what_the_table_got_wrong_is_still_in_it() -> None:
    cells = {cell for row in rows() for cell in row}
    assert {"NCT00698191 andNCT01741857", "NCT0291768", "432/2020BO", "7.5 ×107 cells"} <= cells
    assert "IL-17 overall survival" in lines()[-1][0]


@needs_page
def test_header_facts_and_legend_are_those_of_the_page() -> None:
    header, _, legend = page_parts()
    assert " ".join(HEADER) == header
    assert lines()[-1][0] == legend
    assert len(page_outcomes()) == 92


def records(path: Path) -> tuple[Record, ...]:
    (table,) = parse_source(open_source(path), bundled_lexicon())
    assert table.quarantined == ()
    assert table.table.label == "Table 2"
    assert table.table.doi == "10.1038/s41392-025-02313-9"
    return table.records


def understood(record: Record) -> dict[str, object]:
    """Return what was made of a row, without the words of its outcome and without the places of words."""
    typed = (
        "diseases",
        "cell_sources",
        "donor",
        "product",
        "routes",
        "schedule",
        "patients",
        "phase",
        "references",
    )
    values: dict[str, object] = {name: getattr(record, name) for name in typed}
    values["doses"] = [(d.low, d.high, d.unit, d.status, d.verbatim, d.route) for d in record.doses or ()]
    values["registrations"] = [(r.number, r.registry, r.valid) for r in record.registrations or ()]
    values["outcome"] = record.outcome and record.outcome.status
    values["cells"] = {c.column: (c.text, c.state, c.rule) for c in record.cells if c.column != "outcome"}
    return values


@needs_page
def test_page_and_bundled_table_give_the_same_records_but_for_the_words_of_the_outcomes() -> None:
    ours = records(resources.data_folder() / "msc-trials-table2.csv")
    assert [understood(r) for r in ours] == [understood(r) for r in records(PAGE)]


@needs_page
def test_no_restated_outcome_keeps_a_run_of_words_of_the_page() -> None:
    length = LONGEST_COMMON_RUN + 1
    kept = {ours: runs(page, length) & runs(ours, length) for page, ours in pairs()}
    assert {ours: common for ours, common in kept.items() if common} == {}


@needs_page
def test_only_a_remark_without_content_stays_word_for_word() -> None:
    assert {ours for page, ours in pairs() if words(page) == words(ours)} == {UNPUBLISHED}


@needs_page
def test_every_number_of_an_outcome_is_restated_and_none_is_added() -> None:
    assert [(page, ours) for page, ours in pairs() if numbers(page) != numbers(ours)] == []


@needs_page
def test_every_percentage_of_an_outcome_is_restated() -> None:
    assert [(page, ours) for page, ours in pairs() if ("%" in page) != ("%" in ours)] == []


@needs_page
def test_every_abbreviation_of_an_outcome_is_restated_and_none_is_added() -> None:
    assert [(page, ours) for page, ours in pairs() if names(page) != names(ours)] == []


@needs_page
@pytest.mark.parametrize(
    "kind",
    [
        r"\b(?:no|not|none|never|without|nor)\b",
        r"\bmay\b",
        r"\bsignifican",
        r"\badverse (?:event|effect)|toxicit",
        r"\bserious\b",
        r"\ballogen",
        r"\bautologous\b",
        r"\b(?:control|placebo|pretreatment|between the groups|groups)",
    ],
)
def test_hedges_negations_comparators_and_safety_stand_in_both_or_in_neither(kind: str) -> None:
    def said(text: str) -> bool:
        return re.search(kind, text, re.IGNORECASE) is not None

    assert [(page, ours) for page, ours in pairs() if said(page) != said(ours)] == []
