"""Words that no concept has are counted with their first place and the nearest that have one; none is applied."""

from __future__ import annotations

import csv
import io

import pytest

from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.report.unrecognised import Unrecognised, find_unrecognised, write_unrecognised
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

HEADER = "Disease,Cell source,Route,Dose,NCT number\n"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def found(lexicon: Lexicon, *rows: str) -> tuple[Unrecognised, ...]:
    tables = parse_source(Source("a.csv", (HEADER + "".join(f"{row}\n" for row in rows)).encode()), lexicon)
    return find_unrecognised(tables, lexicon)


def test_unknown_words_are_counted_and_the_first_place_is_named(lexicon: Lexicon) -> None:
    rows = [
        f"{d},bone marrow,i.v.,5 mL,NCT0123456{n}" for n, d in enumerate(["lupus", "Qwert", "Qwert", "Zzyzx"])
    ]
    assert [(one.column, one.words, one.count, one.row) for one in found(lexicon, *rows)] == [
        ("disease", "Qwert", 2, 2),
        ("disease", "Zzyzx", 1, 4),
    ]


def test_the_nearest_concept_is_proposed_and_not_applied(lexicon: Lexicon) -> None:
    rows = ["Crohn disease,bone marow,i.v.,5 mL,NCT01234567"]
    (one,) = found(lexicon, *rows)
    assert one.candidates[0][1].label == "bone marrow"
    assert len({concept.iri for _, concept, _ in one.candidates}) == len(one.candidates) <= 3
    (parsed,) = parse_source(Source("a.csv", (HEADER + rows[0]).encode()), lexicon)
    assert parsed.records[0].cell_sources is None or not parsed.records[0].cell_sources.concepts


def test_the_file_has_one_line_a_candidate_and_one_for_words_like_nothing(lexicon: Lexicon) -> None:
    unknown = found(lexicon, "Qwrtzplm,bone marow,i.v.,5 mL,NCT01234567")
    lines = list(csv.DictReader(io.StringIO("".join(write_unrecognised(unknown)))))
    assert [line["candidate"] for line in lines if line["words"] == "Qwrtzplm"] == [""]
    assert "bone marrow" in [line["candidate"] for line in lines if line["words"] == "bone marow"]
    assert all(0.6 <= float(line["likeness"]) <= 1 for line in lines if line["candidate"])
